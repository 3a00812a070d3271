using System.Collections.Concurrent;

namespace KafkaCaching.EntityFrameworkCore.Invalidation;

/// <summary>The tags whose marks have not been applied here yet. Any thread may read them, but only one thread at a time may change
/// them.</summary>
internal sealed class UnsettledTags
{
    private readonly ConcurrentDictionary<string, PendingMark> _marks = new(StringComparer.Ordinal);
    private int _count;
    private long _settlements;

    /// <summary>The number of times that a tag was settled. If a reader finds a result first and then checks its tags, and a tag is settled
    /// in between, the reader sees neither the mark nor the unsettled tag. It detects this by a change of this number.</summary>
    public long Settlements => Volatile.Read(ref _settlements);

    public int Count => Volatile.Read(ref _count);

    public IEnumerable<PendingMark> Marks => _marks.Values;

    /// <summary>Whether one of these tags is unsettled, or may have been since the number of settlements was read.</summary>
    public bool ContainsAny(string[] tags, long since) => ContainsAny(tags) || Settlements != since;

    /// <summary>Whether one of these tags is unsettled. For readers that check the tags before they find a result.</summary>
    public bool ContainsAny(string[] tags) => Count != 0 && Array.Exists(tags, _marks.ContainsKey);

    public PendingMark Add(string tag)
    {
        if (_marks.TryGetValue(tag, out var known))
            return known;

        // The count is increased first, so that it is never less than the number of tags, and a reader that sees zero can skip the look-up.
        Volatile.Write(ref _count, _count + 1);
        return _marks[tag] = new PendingMark(tag);
    }

    public void Settle(PendingMark mark)
    {
        Volatile.Write(ref _settlements, _settlements + 1);
        if (_marks.TryRemove(mark.Tag, out _))
            Volatile.Write(ref _count, _count - 1);
    }
}
