namespace KafkaCaching.Store.Entries;

/// <summary>What lent an entry its buffer.</summary>
internal interface IEntryLease
{
    void Release();
}
