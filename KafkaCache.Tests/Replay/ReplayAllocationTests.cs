using Confluent.Kafka;
using KafkaCaching.Replay.Sources;
using KafkaCaching.Tests.Diagnostics;
using KafkaCaching.Tests.Schemas;

namespace KafkaCaching.Tests.Replay;

/// <summary>Applying a record allocates no memory while no trace listener is attached.</summary>
[Collection(HeardSpans.Listening)]
public sealed class ReplayAllocationTests
{
    private const int Records = 10_000;

    [Fact]
    public void Records_that_are_stored_as_they_come_are_applied_without_allocating()
    {
        using var replay = new MemoryReplay<byte[], byte[]>();

        AssertAllocatesNothing(replay, static i => WireFormat.WithId(0, [(byte)i]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5000)]
    public void So_are_records_of_schemas_that_are_warm_however_they_alternate_and_whether_or_not_they_can_be_decoded(int schemas)
    {
        using var replay = new MemoryReplay<byte[], string>(static options => options.ValueDeserializer = new RefusesOddSchemas());

        AssertAllocatesNothing(replay, i => WireFormat.WithId(i % schemas, [(byte)i]));
    }

    private static void AssertAllocatesNothing<TValue>(MemoryReplay<byte[], TValue> replay, Func<int, byte[]> value)
    {
        var headers = new NoHeaders();
        SourceRecord[] Round(int round) =>
            [
                .. Enumerable.Range(0, Records).Select(
                    i => Replay.Records.Of(BitConverter.GetBytes(i % 100), value(i), (round * Records) + i, headers: headers)),
            ];

        replay.Apply(Round(0)); // Warms up: creates the entries and the schemas.
        var records = Round(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        replay.Apply(records);
        var applied = GC.GetAllocatedBytesForCurrentThread() - before;
        before = GC.GetAllocatedBytesForCurrentThread();
        var batch = new RecordBatch(records.Length);
        foreach (var record in records)
            batch.Add(record);
        var batched = GC.GetAllocatedBytesForCurrentThread() - before;

        TestContext.Current.SendDiagnosticMessage($"{(double)(applied - batched) / Records:F3} bytes a record");
        Assert.InRange(applied - batched, long.MinValue, Records); // Allows fixed allocations per run.
    }

    private sealed class RefusesOddSchemas : IDeserializer<string>
    {
        public string Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context) =>
            data[4] % 2 == 0 ? "" : throw new InvalidDataException();
    }

    private sealed class NoHeaders : IRecordHeaders
    {
        public bool TryGet(string name, out ReadOnlySpan<byte> value)
        {
            value = default;
            return false;
        }
    }
}
