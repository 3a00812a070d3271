namespace KafkaCaching.Store.Entries;

/// <summary>The owner of the buffer that an entry has borrowed.</summary>
internal interface IEntryLease
{
    void Release();
}
