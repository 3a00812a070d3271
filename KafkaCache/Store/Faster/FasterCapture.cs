using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;
using KafkaCaching.Store.Memory;
using KafkaCaching.Store.Sessions;

namespace KafkaCaching.Store.Faster;

/// <summary>Captures the entries of FASTER's log by reading the buckets of its index in order.</summary>
internal sealed class FasterCapture(IndexBuckets index, CaptureState state, ReaderSlot reader, Action<CaptureState> release) : EntryCapture
{
    // A bucket has about four entries.
    private const int GroupBuckets = 16;

    private readonly PackedEntries _group = new();
    private readonly PackedEntries _early = new();
    private List<long> _words = [];
    private List<long> _wordsBefore = [];
    private long _next;

    public override long Buckets => state.Buckets;

    public override long FirstBucket => _next - GroupBuckets;

    public override PackedEntries Group => _group;

    public override PackedEntries Early => _early;

    public override CaptureEnd End => state.End;

    public override bool MoveNext()
    {
        _group.Clear();
        _early.Clear();
        if (_next >= state.Buckets)
            return false;
        using (state.EnterIndex())
        {
            for (var bucket = _next; bucket < _next + GroupBuckets && state.End == CaptureEnd.None; bucket++)
                Walk(bucket);
        }

        state.AwaitWrite();
        TakeOverwritten();
        _next += GroupBuckets;
        state.Passed(_next);
        return state.End == CaptureEnd.None;
    }

    public override void Dispose()
    {
        release(state);
        reader.Release();
    }

    // Copying forward may free a record before it is read here. The copy is then reached through a changed word of the bucket. Therefore,
    // the bucket is read repeatedly until its words have not changed in the meantime.
    private void Walk(long bucket)
    {
        index.Read(bucket, _words);
        do
        {
            foreach (var word in _words)
                WalkChain(IndexBuckets.AddressIn(word), bucket);
            (_wordsBefore, _words) = (_words, _wordsBefore);
            index.Read(bucket, _words);
        }
        while (!_words.SequenceEqual(_wordsBefore) && state.End == CaptureEnd.None);
    }

    // A chain from before the growth of the index holds keys of several buckets, each of which leads into the chain.
    private void WalkChain(long address, long bucket)
    {
        while (address != 0 && reader.ReadRecord(address) == ReadOutcome.Found)
        {
            address = reader.Buffer.PreviousAddress;
            if (state.BucketOf(reader.Buffer.Key) == bucket)
                AddEntryOf(reader.Buffer.Key);
        }
    }

    // The record that was found may be outdated, or may become outdated at any moment, so the key's current entry is read.
    private void AddEntryOf(ReadOnlySpan<byte> key)
    {
        if (!_group.Contains(key) && reader.ReadEntry(key) && state.Stood(key, reader.Buffer.Metadata))
            _group.Add(key, reader.Buffer.Metadata, reader.Buffer.Content);
    }

    private void TakeOverwritten()
    {
        while (state.Overwritten.TryPeek(out var packed))
        {
            PackedEntry.Read(packed, out var key, out _, out _);
            var bucket = state.BucketOf(key);
            if (bucket >= _next + GroupBuckets)
                _early.Add(key, packed);
            else if (bucket >= _next && !_group.Contains(key))
                _group.Add(key, packed);
            state.Overwritten.Take(packed);
        }
    }
}
