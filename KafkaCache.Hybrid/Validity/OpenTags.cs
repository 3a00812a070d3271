using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Records;

namespace KafkaCaching.Hybrid.Validity;

/// <summary>Decides whether a tag is open, which means that a process is about to change the data behind the tag, or has changed it and the
/// marks have not been applied here yet.</summary>
/// <remarks>
/// <para>A process opens tags before it commits, and closes them when it has put their marks. If it dies in between, it has put no mark.
/// Entries with an open tag are therefore neither served nor stored.</para>
/// <para>The record that closes a tag no longer names it, and may be applied before the marks, which are in other partitions. So the record
/// contains the positions up to which its process had put marks. Until this process has applied these positions, every tag counts as
/// open.</para>
/// </remarks>
internal sealed class OpenTags<TMarks>(TMarks marks)
    where TMarks : IMarks
{
    /// <summary>Returns whether any of the given tags is open, or may be.</summary>
    /// <param name="tagMarks">The mark keys of the tags to check.</param>
    /// <param name="topic">The topic that is cached.</param>
    public bool ContainsAny(string[] tagMarks, TopicState topic)
    {
        if (tagMarks.Length == 0)
            return false;
        if (!marks.AreWritersKnown)
            return true;
        foreach (var writer in marks.Writers)
        {
            if (marks.TryGetMark(writer.OpenKey, out var open) && open.Value.Kind == RecordKind.Open
                && IsOpenIn(writer, open.Value, tagMarks, topic))
                return true;
        }

        return false;
    }

    private bool IsOpenIn(TagWriter writer, StoredRecord open, string[] tagMarks, TopicState topic)
    {
        if (!HasMarksOf(open, topic))
            return true;
        if (open.TagMarks.Length == 0)
            return false;
        if (marks.TryGetMark(writer.EndKey, out var end) && end.Value.SetNumber >= open.SetNumber)
            return !HasMarksOf(end.Value, topic);
        return HasAny(open, tagMarks);
    }

    private bool HasMarksOf(StoredRecord record, TopicState topic)
    {
        // Positions of another topic can't be compared with those of this one, and the entries of that topic are no longer served.
        if (record.AsOf is not { } written || written.TopicId != topic.TopicId || record.WasCheckedAgainst(topic))
            return true;
        if (!marks.HasApplied(written))
            return false;
        record.NoteChecked(topic);
        return true;
    }

    private static bool HasAny(StoredRecord open, string[] tagMarks)
    {
        if (!open.TryRecall(out HashSet<string> opened))
            open.Remember(opened = new HashSet<string>(open.TagMarks, StringComparer.Ordinal));
        return opened.Contains(RecordKeys.MarkOfAll) || Array.Exists(tagMarks, opened.Contains);
    }
}
