using FASTER.core;

namespace KafkaCaching.Store.Entries;

/// <summary>Copies the record that a read has found. FASTER calls this while it holds its epoch, so no user code runs here.</summary>
internal static unsafe class EntryRead
{
    public static bool Copy(ref SpanByte key, ref SpanByte value, ReadBuffer buffer, ref ReadInfo info)
    {
        buffer.Address = info.Address;
        if (buffer.RecordOnly)
        {
            CopyRecord(ref key, ref value, buffer, info.RecordInfo);
            return true;
        }

        buffer.Capacity = value.Length - EntryLayout.HeaderBytes;
        buffer.Outcome = EntryLayout.TryRead(value.ToPointer(), buffer.Capacity, buffer) ? ReadOutcome.Found : ReadOutcome.Busy;
        return buffer.Outcome == ReadOutcome.Found;
    }

    private static void CopyRecord(ref SpanByte key, ref SpanByte value, ReadBuffer buffer, RecordInfo info)
    {
        if (info.IsNull())
        {
            buffer.Outcome = ReadOutcome.EndOfPage;
            return;
        }

        buffer.Outcome = ReadOutcome.Found;
        buffer.Superseded = info.IsClosed;
        buffer.PreviousAddress = info.PreviousAddress;
        buffer.Removed = !EntryLayout.Peek(value.ToPointer(), out buffer.Metadata, out _);
        buffer.Capacity = value.Length - EntryLayout.HeaderBytes;
        key.AsReadOnlySpan().CopyTo(buffer.MakeKey(key.Length));
    }
}
