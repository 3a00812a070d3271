namespace KafkaCaching.Store;

/// <summary>What lent an entry its buffer.</summary>
internal interface IEntryLease
{
    void Release();
}
