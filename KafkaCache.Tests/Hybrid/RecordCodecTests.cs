using Confluent.Kafka;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Validity;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>The encoding of records.</summary>
public sealed class RecordCodecTests
{
    private static readonly RecordCodec Codec = new();

    [Fact]
    public void A_record_comes_back_as_it_was()
    {
        var record = new StoredRecord(RecordKind.Value, new byte[] { 1, 2, 3 })
        {
            AsOf = new AsOf("topic", [0, 127, 128, long.MaxValue]), FreshFor = TimeSpan.FromSeconds(60), Sliding = TimeSpan.FromDays(3),
            SetNumber = long.MaxValue, TagMarks = ["\0tag/ä", "\0tag/b"],
        };
        var back = Read(Codec.Serialize(record, SerializationContext.Empty));
        Assert.Equal(
            (record.Kind, record.FreshFor, record.Sliding, record.SetNumber), (back.Kind, back.FreshFor, back.Sliding, back.SetNumber));
        Assert.Equal(record.AsOf.TopicId, back.AsOf!.TopicId);
        Assert.Equal(record.AsOf.Positions, back.AsOf.Positions);
        Assert.Equal(record.TagMarks, back.TagMarks);
        Assert.Equal(record.Payload.ToArray(), back.Payload.ToArray());
    }

    [Fact]
    public void An_entry_may_have_as_many_tags_as_its_record_holds()
    {
        var record = new StoredRecord(RecordKind.Value, new byte[1]) { TagMarks = [.. Enumerable.Repeat("\0tag/t", 10_001)] };
        Assert.Equal(record.TagMarks, Read(Codec.Serialize(record, SerializationContext.Empty)).TagMarks);
    }

    [Fact]
    public void A_mark_keeps_its_sliding_time()
    {
        var mark = new StoredRecord(RecordKind.Mark, default) { Sliding = TimeSpan.FromHours(1) };
        Assert.Equal((mark.Kind, mark.Sliding), (RecordKind.Mark, Read(Codec.Serialize(mark, SerializationContext.Empty)).Sliding));
    }

    [Fact]
    public void No_bytes_are_a_mark()
    {
        Assert.Empty(Codec.Serialize(StoredRecord.Mark, SerializationContext.Empty));
        Assert.Equal(RecordKind.Mark, Read([]).Kind);
    }

    [Fact]
    public void Another_version_is_unreadable()
    {
        var bytes = Codec.Serialize(new StoredRecord(RecordKind.Null, default), SerializationContext.Empty);
        bytes[0] = 2;
        Assert.Equal(RecordKind.Unreadable, Read(bytes).Kind);
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_without_an_exception()
    {
        var random = new Random(unchecked((int)TestSeed.Next()));
        var good = Codec.Serialize(
            new StoredRecord(RecordKind.Value, new byte[20]) { AsOf = new AsOf("topic", [1, 2, 3]), TagMarks = ["a", "b"] },
            SerializationContext.Empty);
        for (var i = 0; i < 20_000; i++)
        {
            var bytes = (byte[])good.Clone();
            for (var changes = random.Next(1, 5); changes > 0; changes--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            _ = Read(bytes[..random.Next(bytes.Length + 1)]);
        }
    }

    private static StoredRecord Read(byte[] bytes) => Codec.Deserialize(bytes, isNull: false, SerializationContext.Empty);
}
