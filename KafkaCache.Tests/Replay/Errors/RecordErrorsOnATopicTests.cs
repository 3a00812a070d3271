using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Replay.Errors;

/// <summary>Bad records on a topic, in the replay and in the tail. They must never block readiness or waits.</summary>
public sealed class RecordErrorsOnATopicTests(EmbeddedBrokerFixture embedded)
{
    public sealed record Thing(int Size);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Fail_faults_the_cache_and_everyone_who_waits(bool onReplay)
    {
        var topic = embedded.CreateTopic();
        await embedded.Kafka.ProduceAsync(topic, "a", """{"size":1}""");
        if (onReplay)
            await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("b", "bad"), TestRecord.Of("c", """{"size":3}"""));
        await using var cache = Start(topic, RecordErrorPolicy.Fail, static o => o.Decode = DecodeMode.OnReplay);
        if (!onReplay)
        {
            await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
            var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 2), TestContext.Current.CancellationToken);
            await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("b", "bad"), TestRecord.Of("c", """{"size":3}"""));
            await Assert.ThrowsAsync<CacheFaultedException>(() => waiting);
        }

        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        var faults = new[]
        {
            await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken)),
            Assert.Throws<CacheFaultedException>(() => cache.WaitUntilReady(TimeSpan.FromSeconds(10))),
            await Assert.ThrowsAsync<CacheFaultedException>(
                () => cache.WaitUntilAppliedAsync(new CachePosition(0, 0), TestContext.Current.CancellationToken)),
            Assert.Throws<CacheFaultedException>(() => cache.Get("a")),
            Assert.Throws<CacheFaultedException>(() => cache.Count),
            Assert.Throws<CacheFaultedException>(() => cache.Scan().Count()),
        };
        Assert.All(faults, static fault => Assert.Equal(
            (0, 1L, RecordErrorReason.UndecodableValue),
            fault.InnerException is RecordErrorException e ? (e.Partition, e.Offset, e.Reason) : default));
        Assert.IsType<RecordErrorException>(cache.Status.Fault);
        Assert.Equal(1, cache.Status.RecordErrors);
    }

    [Theory]
    [InlineData(RecordErrorPolicy.Skip, true)]
    [InlineData(RecordErrorPolicy.Skip, false)]
    [InlineData(RecordErrorPolicy.Quarantine, true)]
    [InlineData(RecordErrorPolicy.Quarantine, false)]
    public async Task Skip_and_quarantine_continue_and_settle_even_the_offset_of_the_last_record(RecordErrorPolicy policy, bool onReplay)
    {
        var topic = embedded.CreateTopic();
        TestRecord[] bad = [TestRecord.Of("a", "bad"), TestRecord.Of(null, """{"size":2}"""), TestRecord.Of("b", "null")];
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("a", """{"size":1}"""), TestRecord.Of("c", """{"size":3}"""));
        if (onReplay)
            await embedded.Kafka.ProduceAsync(topic, bad);
        await using var cache = Start(topic, policy);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        if (!onReplay)
            await embedded.Kafka.ProduceAsync(topic, bad);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 4), TestContext.Current.CancellationToken);

        Assert.Equal((3, 5, CachePhase.Ready), (cache.Status.RecordErrors, cache.Status.RecordsApplied, cache.Status.Phase));
        Assert.Equal(
            new Dictionary<RecordErrorReason, long> { [RecordErrorReason.MissingKey] = 1, [RecordErrorReason.UndecodableValue] = 2 },
            cache.Status.RecordErrorsByReason);
        if (policy == RecordErrorPolicy.Skip)
        {
            Assert.Equal(new Dictionary<string, Thing>(StringComparer.Ordinal) { ["a"] = new(1), ["c"] = new(3) }, cache.Content());
            Assert.Null(cache.Get("b"));
            return;
        }

        Assert.Equal(["c"], cache.Content().Keys);
        Assert.Equal(2, Assert.Throws<RecordErrorException>(() => cache.Get("a")).Offset);
        Assert.Equal(4, Assert.Throws<RecordErrorException>(() => cache.TryGet("b", out _)).Offset);

        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of("a", """{"size":5}"""), TestRecord.Tombstone("b"));
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 6), TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<string, Thing>(StringComparer.Ordinal) { ["a"] = new(5), ["c"] = new(3) }, cache.Content());
        Assert.False(cache.TryGet("b", out _));
    }

    // The embedded broker's transaction markers have no checksum, so they count as damaged, which a retry can't correct.
    [Fact]
    public async Task A_damaged_record_faults_and_names_its_place_rather_than_hang()
    {
        var topic = embedded.CreateTopic(partitions: 2);
        using (var transaction = await embedded.Kafka.BeginTransactionAsync(topic, TestRecord.Of("a", "1") with { Partition = 1 }))
            await transaction.CommitAsync();
        await using var cache = TestCaches.Start(embedded.BootstrapServers, topic, static o => o.ReadyTimeout = TimeSpan.FromMinutes(2));
        var fault = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken));
        Assert.Contains("partition 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("offset 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_in_two_partitions_has_one_value_whichever_is_read_first()
    {
        var topic = embedded.CreateTopic(partitions: 2);
        await embedded.Kafka.ProduceAsync(
            topic,
            TestRecord.Of("a", """{"size":1}""") with { Partition = 0, Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(2_000) },
            TestRecord.Of("a", """{"size":2}""") with { Partition = 1, Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_000) },
            TestRecord.Of("b", """{"size":1}""") with { Partition = 0, Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_000) },
            TestRecord.Of("b", """{"size":2}""") with { Partition = 1, Timestamp = DateTimeOffset.FromUnixTimeMilliseconds(1_000) });
        await using var cache = Start(topic, RecordErrorPolicy.Fail);
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new Dictionary<string, Thing>(StringComparer.Ordinal) { ["a"] = new(1), ["b"] = new(2) }, cache.Content());
        Assert.Equal(2, cache.Status.KeysSeenInTwoPartitions);
        Assert.Empty(cache.Status.RecordErrorsByReason);
    }

    [Fact]
    public async Task A_resolver_reads_headers_and_other_types_from_the_topic()
    {
        var topic = embedded.CreateTopic();
        var id = Guid.NewGuid();
        await embedded.Kafka.ProduceAsync(topic, TestRecord.Of(id.ToString(), """{"size":4}""") with
        {
            Headers = new Confluent.Kafka.Headers { { "number", [1] }, { "number", [9] } },
        });
        await using var cache = KafkaCache.Create(TestCaches.Options<int, string>(
            embedded.BootstrapServers,
            topic,
            static o => o.Resolver = static (in CacheRecord record, ICacheUpdates<int, string> updates) =>
            {
                if (record.TryGetHeader("number", out var number))
                    updates.Set(number[0], $"{record.ReadKey<Guid>()} {record.ReadValue<Thing>().Size}");
            }));
        await cache.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        Assert.Equal($"{id} 4", cache.Get(9));

        await embedded.Kafka.ProduceAsync(topic, TestRecord.Tombstone(id.ToString()));
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 1), TestContext.Current.CancellationToken);
        Assert.Null(cache.Get(9));
        Assert.Equal(0, cache.Count);
    }

    private KafkaCache<string, Thing> Start(
        string topic, RecordErrorPolicy policy, Action<KafkaCacheOptions<string, Thing>>? configure = null) =>
        KafkaCache.Create(TestCaches.Options<string, Thing>(embedded.BootstrapServers, topic, o =>
        {
            o.OnRecordError = policy;
            configure?.Invoke(o);
        }));
}
