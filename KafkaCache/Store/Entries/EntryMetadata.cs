using System.Runtime.InteropServices;

namespace KafkaCaching.Store.Entries;

/// <summary>The data of an entry other than its content: the record that it came from, and when it expires.</summary>
/// <param name="Partition">The partition of the entry's record.</param>
/// <param name="Offset">The offset of the entry's record.</param>
/// <param name="TimestampMs">The timestamp of the entry's record, in Unix milliseconds.</param>
/// <param name="Quarantine">0 if the entry is not quarantined; otherwise the <see cref="RecordErrorReason"/> of the record that caused the
/// quarantine, plus one.</param>
/// <param name="Deadline">When the entry expires.</param>
/// <param name="HeaderBytes">The number of bytes of the kept headers. They are at the beginning of the entry's content, and the value
/// follows them.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EntryMetadata(
    int Partition, long Offset, long TimestampMs, byte Quarantine = 0, Deadline Deadline = default, ushort HeaderBytes = 0)
{
    public bool IsQuarantined => Quarantine != 0;

    /// <summary>Whether this entry replaces <paramref name="previous"/>. Within a partition, the order of the log decides. If a key is in
    /// two partitions (because partitions were added, or because writers use different partitioners), its records have no common order. The
    /// timestamp then decides, and after it the partition, so that every instance decides in the same way.</summary>
    public bool Supersedes(in EntryMetadata previous) =>
        Partition == previous.Partition
        || TimestampMs > previous.TimestampMs
        || (TimestampMs == previous.TimestampMs && Partition > previous.Partition);
}
