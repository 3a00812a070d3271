using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>Decides whether an entry may be served. It may be served if it belongs to the log that is cached, none of its tags is open, and
/// it outlives the mark of its key, the marks of its tags and the mark of all entries.</summary>
/// <remarks>
/// <para>The caller reads the entry first and the marks after it. A mark that arrives in between can only make the answer stricter. For the
/// same reason, the open tags are read before the marks: if a tag is found closed, its mark has been applied by then.</para>
/// <para>A removal is written as a mark under a separate key, and not as a tombstone, because a fill that began before the removal may be
/// written after it, under the same key. The fill's record would then be the latest: it would hide the tombstone from every reader, and
/// compaction would delete the tombstone. The mark has a different key, so both records are kept, in whatever order they are written, and
/// each reader compares them.</para>
/// <para>A set writes such a mark too, because an older fill may be written after the set in the same way. The set's own entry has the same
/// number as its mark, and that mark does not invalidate it. If an older fill has overwritten the set's entry, the mark refuses that fill:
/// readers get a miss, never the old value. If two sets run concurrently, the latest entry may be that of one and the latest mark that of
/// the other, which is also a miss. If a set and a removal run concurrently, the one with the later mark takes effect.</para>
/// </remarks>
internal sealed class EntryValidity<TMarks>(TMarks marks, IFillRule rule, KeyMarks keyMarks)
    where TMarks : IMarks
{
    private readonly OpenTags<TMarks> _open = new(marks);

    /// <param name="key">The key of the entry.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="position">The position of its record; <see langword="null"/> if it has not been written yet.</param>
    /// <param name="topic">The topic that is cached.</param>
    public bool IsValid(string key, StoredRecord entry, CachePosition? position, TopicState topic)
    {
        if (!IsOfThisLog(entry, position, topic))
            return false;

        // The version is read before the marks, so the marks may be newer than the version but never older.
        var version = marks.Version;
        if (version != 0 && entry.WasValidAt(version))
            return true;
        if (_open.ContainsAny(entry.TagMarks, topic) || !OutlivesMarkOfKey(key, entry) || !Outlives(entry, RecordKeys.MarkOfAll)
            || !OutlivesMarks(entry, entry.TagMarks))
            return false;
        entry.NoteValid(version);
        return true;
    }

    /// <summary>Whether a valid entry would still be valid if it had these tags too.</summary>
    public bool OutlivesTags(StoredRecord entry, string[] tagMarks, TopicState topic) =>
        !_open.ContainsAny(tagMarks, topic) && OutlivesMarks(entry, tagMarks);

    private bool OutlivesMarks(StoredRecord entry, string[] tagMarks)
    {
        foreach (var tag in tagMarks)
        {
            if (!Outlives(entry, tag))
                return false;
        }

        return true;
    }

    // An entry is written after its positions were captured. If its own offset is lower than the captured one, the topic was recreated or
    // truncated during the fill, and the entry is in a different log.
    private static bool IsOfThisLog(StoredRecord entry, CachePosition? position, TopicState topic)
    {
        if (entry.AsOf is not { } asOf || (position is { } at && asOf.Includes(at.Partition, at.Offset)))
            return false;
        if (entry.WasCheckedAgainst(topic))
            return true;
        if (!topic.Covers(asOf))
            return false;
        entry.NoteChecked(topic);
        return true;
    }

    private bool OutlivesMarkOfKey(string key, StoredRecord entry) =>
        !marks.TryGetMark(keyMarks.Of(key), out var mark)
        || (entry.SetNumber != 0 && entry.SetNumber == mark.Value.SetNumber)
        || rule.Outlives(entry, mark.Position);

    private bool Outlives(StoredRecord entry, string markKey) =>
        !marks.TryGetMark(markKey, out var mark) || rule.Outlives(entry, mark.Position);
}
