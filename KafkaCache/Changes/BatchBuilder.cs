using KafkaCaching.Store.Entries;

namespace KafkaCaching.Changes;

/// <summary>Collects changes into batches. Its buffers are reused, and only one thread may use an instance.</summary>
/// <param name="fromRebuild">Whether the changes are the difference between two generations.</param>
/// <param name="keepsNone">Whether to keep changes that have neither a previous nor a current entry.</param>
internal sealed class BatchBuilder(bool fromRebuild = false, bool keepsNone = false)
{
    // An array of 85,000 bytes or more is on the large object heap, which only a full garbage collection cleans up. At 50,000 changes a
    // second, such arrays would cause a full collection every few milliseconds.
    private const int LargeBytes = 64 << 10;
    private const int LargeCount = 512;

    private readonly List<BatchedChange> _changes = [];
    private byte[] _bytes = new byte[1024];
    private int _length;

    public int Count => _changes.Count;

    public int Bytes => _length;

    /// <summary>Whether all the changes were made by records of the log, and none by the store itself through expiry or eviction.</summary>
    public bool AreOfLog { get; set; } = true;

    /// <summary>The position of the record that caused the latest change; <see langword="null"/> if there is none.</summary>
    public CachePosition? LastCause => _changes.Count > 0 ? _changes[^1].Cause : null;

    /// <summary>Whether the batch is large enough to be taken.</summary>
    public bool IsLarge => _length >= LargeBytes || _changes.Count >= LargeCount;

    /// <summary>Adds a change of a key. A quarantined entry counts as missing. A change with neither a previous nor a current entry is
    /// dropped, unless such changes are kept.</summary>
    public void Add(
        ReadOnlySpan<byte> key, bool hasPrevious, in EntryMetadata previous, ReadOnlySpan<byte> previousValue, bool hasCurrent,
        in EntryMetadata current, ReadOnlySpan<byte> currentValue, CachePosition cause)
    {
        hasPrevious &= !previous.IsQuarantined;
        hasCurrent &= !current.IsQuarantined;
        if (!hasPrevious && !hasCurrent && !keepsNone)
            return;
        var at = _length;
        Append(key);
        if (hasPrevious)
            Append(previousValue);
        if (hasCurrent)
            Append(currentValue);
        _changes.Add(new BatchedChange(
            at, key.Length, hasPrevious ? previousValue.Length : BatchedChange.None,
            hasCurrent ? currentValue.Length : BatchedChange.None, previous, current, cause));
    }

    /// <summary>Returns the changes as a batch, and begins the next one.</summary>
    public ChangeBatch Take()
    {
        var batch = new ChangeBatch(_bytes.AsSpan(0, _length).ToArray(), [.. _changes], fromRebuild) { IsOfLog = AreOfLog };
        Clear();
        return batch;
    }

    public void Clear()
    {
        _changes.Clear();
        _length = 0;
        AreOfLog = true;
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _length < bytes.Length)
            Array.Resize(ref _bytes, checked(Math.Max(_length + bytes.Length, 2 * _bytes.Length)));
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }
}
