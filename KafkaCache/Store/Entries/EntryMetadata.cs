using System.Runtime.InteropServices;

namespace KafkaCaching.Store.Entries;

/// <summary>The data of an entry other than its value: where it came from, and when it expires.</summary>
/// <param name="Partition">The partition of its record.</param>
/// <param name="Offset">The offset of its record.</param>
/// <param name="TimestampMs">The timestamp of its record, in Unix milliseconds.</param>
/// <param name="Quarantine">0 for a good entry. Otherwise one more than the <see cref="RecordErrorReason"/> of the record that spoilt the
/// entry.</param>
/// <param name="Deadline">When the entry expires.</param>
/// <param name="HeaderBytes">The length of the kept headers, with which the entry's content begins. The value follows.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EntryMetadata(
    int Partition, long Offset, long TimestampMs, byte Quarantine = 0, Deadline Deadline = default, ushort HeaderBytes = 0)
{
    public bool IsQuarantined => Quarantine != 0;

    /// <summary>Whether this entry replaces <paramref name="previous"/>. Within a partition, the log's order decides. The records of a key
    /// that is in two partitions (after growth, or with mixed partitioners) have no order. Then the time decides, and after it the
    /// partition, so that every instance decides alike.</summary>
    public bool Supersedes(in EntryMetadata previous) =>
        Partition == previous.Partition
        || TimestampMs > previous.TimestampMs
        || (TimestampMs == previous.TimestampMs && Partition > previous.Partition);
}
