using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Confluent.Kafka;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Hybrid.Records;

/// <summary>Converts records to bytes and back. Reading never throws: bytes that this version can't read become
/// <see cref="StoredRecord.Unreadable"/>, so that no record of the topic can fault the cache.</summary>
/// <remarks>The format: version, kind, set number (8 bytes, big-endian), fresh and sliding time in ms, topic ID, positions, tags, payload.
/// The other numbers are varints (7 bits per byte, the lowest first). Strings are UTF-8, preceded by their length in bytes. An empty value
/// is a mark.</remarks>
internal sealed class RecordCodec : ISerializer<StoredRecord>, IDeserializer<StoredRecord>
{
    private const byte Version = 1;
    private const int MaxPositions = 100_000;

    // The last topic ID that was read. Almost all records have the same ID, so they share this string.
    private string _topicId = "";

    public byte[] Serialize(StoredRecord data, SerializationContext context)
    {
        if (data is { Kind: RecordKind.Mark, SetNumber: 0 } && data.Sliding == TimeSpan.Zero)
            return [];
        var writer = new ArrayBufferWriter<byte>(64 + data.Payload.Length);
        var head = writer.GetSpan(10);
        head[0] = Version;
        head[1] = (byte)data.Kind;
        BinaryPrimitives.WriteInt64BigEndian(head[2..], data.SetNumber);
        writer.Advance(10);
        WriteNumber(writer, (long)data.FreshFor.TotalMilliseconds);
        WriteNumber(writer, (long)data.Sliding.TotalMilliseconds);
        WriteText(writer, data.AsOf?.TopicId ?? "");
        var positions = data.AsOf?.Positions ?? [];
        WriteNumber(writer, positions.Length);
        foreach (var position in positions)
            WriteNumber(writer, position);
        WriteNumber(writer, data.TagMarks.Length);
        foreach (var tag in data.TagMarks)
            WriteText(writer, tag);
        writer.Write(data.Payload.Span);
        return writer.WrittenSpan.ToArray();
    }

    public StoredRecord Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (data.IsEmpty)
            return StoredRecord.Mark;
        if (data.Length < 10 || data[0] != Version || data[1] is 0 or > (byte)RecordKind.Extension)
            return StoredRecord.Unreadable;
        var kind = (RecordKind)data[1];
        var setNumber = BinaryPrimitives.ReadInt64BigEndian(data[2..]);
        var rest = data[10..];
        return TryReadTime(ref rest, out var fresh)
            && TryReadTime(ref rest, out var sliding)
            && TryReadText(ref rest, out var topicId)
            && TryReadPositions(ref rest, out var positions)
            && TryReadTags(ref rest, out var tags)
            ? new StoredRecord(kind, rest.ToArray())
            {
                SetNumber = setNumber,
                FreshFor = fresh,
                Sliding = sliding,
                AsOf = positions.Length == 0 ? null : new AsOf(TopicId(topicId), positions),
                TagMarks = tags,
            }
            : StoredRecord.Unreadable;
    }

    private string TopicId(ReadOnlySpan<byte> bytes)
    {
        var last = _topicId;
        if (last.Length == bytes.Length && Ascii.Equals(bytes, last))
            return last;
        return _topicId = Encoding.UTF8.GetString(bytes);
    }

    private static void WriteNumber(ArrayBufferWriter<byte> writer, long number)
    {
        var span = writer.GetSpan(10);
        var length = 0;
        for (var left = (ulong)number; ; left >>= 7)
        {
            span[length++] = (byte)(left < 0x80 ? left : left | 0x80);
            if (left < 0x80)
                break;
        }

        writer.Advance(length);
    }

    private static void WriteText(ArrayBufferWriter<byte> writer, string text)
    {
        WriteNumber(writer, Encoding.UTF8.GetByteCount(text));
        writer.Advance(Encoding.UTF8.GetBytes(text, writer.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));
    }

    private static bool TryReadNumber(ref ReadOnlySpan<byte> rest, out long number)
    {
        var read = 0UL;
        for (var i = 0; i < rest.Length && i < 9; i++)
        {
            read |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if (rest[i] < 0x80)
            {
                rest = rest[(i + 1)..];
                number = (long)read;
                return true;
            }
        }

        number = 0;
        return false;
    }

    private static bool TryReadTime(ref ReadOnlySpan<byte> rest, out TimeSpan time)
    {
        var good = TryReadNumber(ref rest, out var ms) && ms <= (long)TimeSpan.MaxValue.TotalMilliseconds - 1;
        time = good ? TimeSpan.FromMilliseconds(ms) : default;
        return good;
    }

    private static bool TryReadText(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        if (!TryReadNumber(ref rest, out var length) || length > rest.Length)
        {
            text = default;
            return false;
        }

        text = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static bool TryReadPositions(ref ReadOnlySpan<byte> rest, out long[] positions)
    {
        positions = [];
        if (!TryReadNumber(ref rest, out var count) || count > Math.Min(MaxPositions, rest.Length))
            return false;
        positions = count == 0 ? [] : new long[count];
        for (var i = 0; i < positions.Length; i++)
        {
            if (!TryReadNumber(ref rest, out positions[i]))
                return false;
        }

        return true;
    }

    private static bool TryReadTags(ref ReadOnlySpan<byte> rest, out string[] tags)
    {
        tags = [];
        if (!TryReadNumber(ref rest, out var count) || count > rest.Length)
            return false;
        tags = count == 0 ? [] : new string[count];
        for (var i = 0; i < tags.Length; i++)
        {
            if (!TryReadText(ref rest, out var text))
                return false;
            tags[i] = Encoding.UTF8.GetString(text);
        }

        return true;
    }
}
