using KafkaCaching.Store.Entries;

namespace KafkaCaching.Changes;

/// <summary>A change in a <see cref="ChangeBatch"/>. The batch's bytes hold the key, the previous value and the current value, one after
/// another. A length of <see cref="None"/> means that there is no such entry.</summary>
internal readonly record struct BatchedChange(
    int At, int KeyLength, int PreviousLength, int CurrentLength, EntryMetadata Previous, EntryMetadata Current, CachePosition Cause)
{
    public const int None = -1;

    public bool HasPrevious => PreviousLength != None;

    public bool HasCurrent => CurrentLength != None;
}
