using System.Text;
using Confluent.Kafka;
using KafkaCaching.Testing;
using KafkaCaching.Testing.InMemory;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Changes;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Testing.Contract;

/// <summary>Tests that must pass on every kind of topic. The suite runs on the in-memory topic, the embedded broker and a real Kafka, so
/// that the first two behave like the last.</summary>
public abstract class TopicContract
{
    private const int Partitions = 4;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_topic_without_records_is_ready_and_empty()
    {
        await using var topic = await OpenAsync(Partitions);
        await using var cache = await ReadyAsync(topic);
        var status = cache.Status;
        Assert.Equal((CachePhase.Ready, 0, 1d, Partitions), (status.Phase, cache.Count, status.Progress, status.Partitions.Count));
        Assert.All(status.Partitions, static one => Assert.Equal((0, 0, 0L), (one.LogStart, one.Position, one.Lag)));
    }

    [Fact]
    public async Task What_was_written_before_is_there_when_the_cache_is_ready()
    {
        await using var topic = await OpenAsync(Partitions);
        for (var i = 0; i < 20; i++)
            await topic.ProduceAsync($"k{i}", $"v{i}");
        await using var cache = await ReadyAsync(topic);
        Assert.Equal(Enumerable.Range(0, 20).ToDictionary(static i => $"k{i}", static i => $"v{i}"), cache.Content());
        Assert.Equal((20, 20), (cache.Status.RecordsApplied, cache.Status.Partitions.Sum(static one => one.Target)));
    }

    [Fact]
    public async Task What_is_written_later_is_there_when_its_position_is_applied()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic);
        await cache.WaitUntilAppliedAsync(await topic.ProduceAsync("k", "v"), Token);
        Assert.Equal("v", cache.Get("k"));
    }

    [Fact]
    public async Task A_later_record_of_a_key_replaces_the_earlier_one()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "1");
        await topic.ProduceAsync("k", "2");
        await using var cache = await ReadyAsync(topic);
        Assert.True(cache.TryGetEntry("k", out var entry));
        Assert.Equal(("2", 0, 1L, 1L), (entry.Value, entry.Partition, entry.Offset, cache.Count));
    }

    [Fact]
    public async Task A_tombstone_removes_its_key()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "1");
        await using var cache = await ReadyAsync(topic);
        await cache.WaitUntilAppliedAsync(await topic.ProduceAsync("k", value: null), Token);
        Assert.False(cache.ContainsKey("k"));
        Assert.Equal((0, 2), (cache.Count, cache.Status.RecordsApplied));
    }

    [Fact]
    public async Task An_empty_value_is_a_value()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "");
        await using var cache = await ReadyAsync(topic);
        Assert.Equal("", cache.Get("k"));
    }

    [Fact]
    public async Task An_entry_has_the_timestamp_of_its_record()
    {
        await using var topic = await OpenAsync();
        var timestamp = new DateTimeOffset(2026, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
        await topic.ProduceAsync(TestRecord.Of("k", "v") with { Timestamp = timestamp });
        await using var cache = await ReadyAsync(topic);
        Assert.True(cache.TryGetEntry("k", out var entry));
        Assert.Equal((timestamp, timestamp), (entry.Timestamp, cache.Status.Partitions[0].LastAppliedTimestamp));
    }

    [Fact]
    public async Task A_put_says_where_its_record_is()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic);
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);
        var first = await cache.PutAsync("a", "1", cancellationToken: Token);
        var second = await cache.PutAsync("b", "2", PutWait.Applied, Token);
        Assert.Equal((0, 1), (first.Offset, second.Offset));
        Assert.True(cache.TryGetEntry("b", out var entry));
        Assert.Equal(second.Position, new CachePosition(entry.Partition, entry.Offset));
        Assert.InRange(entry.Timestamp, before, DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task A_remove_writes_a_tombstone()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic);
        await cache.PutAsync("k", "v", PutWait.Applied, Token);
        Assert.Equal(1, (await cache.RemoveAsync("k", PutWait.Applied, Token)).Offset);
        await using var later = await ReadyAsync(topic);
        Assert.Equal((0, 0), (cache.Count, later.Count));
    }

    [Fact]
    public async Task Blocking_puts_are_readable_when_they_return()
    {
        await using var topic = await OpenAsync(Partitions);
        await using var cache = await ReadyAsync(topic);
        await Task.Run(
            () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    cache.Put("k", $"{i}", PutWait.Applied);
                    Assert.Equal($"{i}", cache.Get("k"));
                }
            },
            Token);
    }

    [Fact]
    public async Task Many_puts_stay_in_their_order()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic);
        var entries = Enumerable.Range(0, 200).Select(static i => KeyValuePair.Create($"k{i % 10}", $"{i}"));
        var attempts = await cache.PutManyAsync(entries, PutWait.Applied, Token);
        Assert.Equal(Enumerable.Range(0, 200).Select(static i => (long)i), attempts.Select(static one => one.Result!.Value.Offset));
        Assert.Equal("199", cache.Get("k9"));
    }

    [Fact]
    public async Task A_key_goes_to_the_same_partition_from_every_writer()
    {
        await using var topic = await OpenAsync(Partitions);
        await using var cache = await ReadyAsync(topic);
        for (var i = 0; i < 30; i++)
        {
            var key = new string((char)('a' + (i % 26)), i + 1);
            var outside = await topic.ProduceAsync(key, "1");
            var put = await cache.PutAsync(key, "2", cancellationToken: Token);
            var expected = Murmur2.PartitionOf(Encoding.UTF8.GetBytes(key), Partitions);
            Assert.Equal((expected, expected), (outside.Partition, put.Partition));
        }

        Assert.Equal(0, cache.Status.KeysSeenInTwoPartitions);
    }

    [Fact]
    public async Task Of_a_key_in_two_partitions_the_later_record_is_served()
    {
        await using var topic = await OpenAsync(partitions: 2);
        var time = DateTimeOffset.UtcNow;
        await topic.ProduceAsync(TestRecord.Of("k", "late") with { Partition = 0, Timestamp = time });
        await topic.ProduceAsync(TestRecord.Of("k", "early") with { Partition = 1, Timestamp = time.AddMinutes(-1) });
        await using var cache = await ReadyAsync(topic);
        Assert.Equal(("late", 1), (cache.Get("k"), cache.Status.KeysSeenInTwoPartitions));
    }

    [Fact]
    public async Task Two_caches_read_what_either_writes()
    {
        await using var topic = await OpenAsync(Partitions);
        await using var one = await ReadyAsync(topic);
        await using var other = await ReadyAsync(topic);
        await other.WaitUntilAppliedAsync((await one.PutAsync("a", "1", cancellationToken: Token)).Position, Token);
        await one.WaitUntilAppliedAsync((await other.PutAsync("b", "2", cancellationToken: Token)).Position, Token);
        Assert.Equal(("1", "2"), (other.Get("a"), one.Get("b")));
    }

    [Fact]
    public async Task A_read_only_cache_reads_and_refuses_puts()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "v");
        await using var cache = await ReadyAsync(topic, static options => options.ReadOnly = true);
        Assert.Equal("v", cache.Get("k"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => cache.PutAsync("k", "v", cancellationToken: Token));
    }

    [Fact]
    public async Task A_put_that_is_refused_writes_nothing()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic, static options => options.ValidatePut = static (_, value) => value != "bad");
        var refused = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "bad", cancellationToken: Token));
        Assert.Equal((PutOutcome.NotCommitted, PutRefusal.Validation), (refused.Outcome, refused.Refusal));
        Assert.Equal(0, (await cache.PutAsync("k", "good", cancellationToken: Token)).Offset);
    }

    [Fact]
    public async Task Headers_reach_the_resolver()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic, static options => options.Resolver = static (in record, updates) =>
            updates.Set(
                record.ReadKey<string>(), record.TryGetHeader("name", out var name) ? Encoding.UTF8.GetString(name) : "none"));
        var headers = new Headers { { "name", "first"u8.ToArray() }, { "name", "last"u8.ToArray() } };
        await cache.PutAsync("put", "v", new PutOptions { Wait = PutWait.Applied, Headers = headers }, Token);
        await cache.WaitUntilAppliedAsync(await topic.ProduceAsync(TestRecord.Of("out", "v") with { Headers = headers }), Token);
        await cache.PutAsync("bare", "v", PutWait.Applied, Token);
        Assert.Equal(("last", "last", "none"), (cache.Get("put"), cache.Get("out"), cache.Get("bare")));
    }

    [Fact]
    public async Task A_record_that_is_skipped_is_counted_and_passed_over()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "good");
        await topic.ProduceAsync("k", "bad");
        await using var cache = await ReadyAsync(topic, static options =>
        {
            options.ValidateRecord = static (in record) => !record.ValueBytes.SequenceEqual("bad"u8);
            options.OnRecordError = RecordErrorPolicy.Skip;
        });
        Assert.Equal(("good", 1, 2), (cache.Get("k"), cache.Status.RecordErrors, cache.Status.Partitions[0].Position));
        Assert.Equal(RecordErrorReason.RecordRefused, cache.Status.RecentRecordErrors[0].Reason);
    }

    [Fact]
    public async Task A_record_that_is_refused_faults_the_cache_where_it_is()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(
            topic, static options => options.ValidateRecord = static (in record) => !record.ValueBytes.SequenceEqual("bad"u8));
        await topic.ProduceAsync("k", "good");
        var position = await topic.ProduceAsync("k", "bad");
        await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilAppliedAsync(position, Token));
        var fault = Assert.IsType<RecordErrorException>(cache.Status.Fault);
        Assert.Equal((CachePhase.Faulted, position.Partition, position.Offset), (cache.Status.Phase, fault.Partition, fault.Offset));
    }

    [Fact]
    public async Task A_watch_reports_the_initial_content_and_then_every_change()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("a", "1");
        await using var cache = await ReadyAsync(topic);
        await using var watch = new WatchReader(cache, token: Token);
        Assert.Equal(["Initial a: - > 1", "Ready"], await watch.NextAsync(2));
        await topic.ProduceAsync("a", "2");
        await topic.ProduceAsync("b", "1");
        await topic.ProduceAsync("a", value: null);
        Assert.Equal(["Set a: 1 > 2", "Set b: - > 1", "Removed a: 2 > -"], await watch.NextAsync(3));
        Assert.Equal(new CachePosition(0, 3), watch.Last.Position);
    }

    [Fact]
    public async Task A_recreated_topic_replaces_the_previous_one()
    {
        await using var topic = await OpenAsync(partitions: 2);
        for (var i = 0; i < 10; i++)
            await topic.ProduceAsync($"k{i}", "old");
        await using var cache = await ReadyAsync(topic);
        var before = cache.Status.TopicId;

        await topic.DeleteAsync();
        await topic.CreateAsync(partitions: 2);
        await topic.ProduceAsync("k1", "new");

        await cache.WaitForAsync(status => status is { Phase: CachePhase.Ready, Rebuilds: > 0, Entries: 1 }, Token);
        Assert.Equal("new", Assert.Single(cache.Content()).Value);
        Assert.NotEqual(before, cache.Status.TopicId);
    }

    [Fact]
    public async Task A_topic_that_is_missing_is_waited_for()
    {
        await using var topic = await OpenAsync();
        await topic.DeleteAsync();
        await using var cache = KafkaCache.Create(topic.Options());
        await cache.WaitForAsync(
            static status => status.Reason?.Contains("does not exist", StringComparison.Ordinal) == true, Token);
        Assert.Equal(CachePhase.Starting, cache.Status.Phase);
        Assert.Throws<CacheNotReadyException>(() => cache.Get("k"));

        await topic.CreateAsync(partitions: 1);
        await topic.ProduceAsync("k", "v");
        await cache.WaitUntilReadyAsync(Token);
        await cache.WaitUntilAppliedAsync(new CachePosition(0, 0), Token);
        Assert.Equal("v", cache.Get("k"));
    }

    [Fact]
    public async Task A_log_that_begins_later_is_read_from_there()
    {
        await using var topic = await OpenAsync();
        for (var i = 0; i < 5; i++)
            await topic.ProduceAsync($"k{i}", "v");
        await topic.DeleteRecordsAsync(partition: 0, beforeOffset: 3);
        await using var cache = await ReadyAsync(topic);
        Assert.Equal(["k3", "k4"], cache.Content().Keys.Order(StringComparer.Ordinal));
        Assert.Equal((3, 5), (cache.Status.Partitions[0].LogStart, cache.Status.Partitions[0].Position));
    }

    [Fact]
    public async Task Records_deleted_after_they_were_read_change_nothing()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "v");
        await using var cache = await ReadyAsync(topic);
        await topic.DeleteRecordsAsync(partition: 0, beforeOffset: 1);
        await cache.WaitUntilAppliedAsync(await topic.ProduceAsync("later", "v"), Token);
        Assert.Equal((2, 0), (cache.Count, cache.Status.Rebuilds));
    }

    [Fact]
    public async Task Added_partitions_are_read()
    {
        await using var topic = await OpenAsync();
        await using var cache = await ReadyAsync(topic, static options => options.StaleAfter = TimeSpan.FromSeconds(1));
        await topic.AddPartitionsAsync(3);
        var position = await topic.ProduceAsync(TestRecord.Of("k", "v") with { Partition = 2 });
        await cache.WaitUntilAppliedAsync(position, Token);
        Assert.Equal(("v", 3, 0), (cache.Get("k"), cache.Status.Partitions.Count, cache.Status.Rebuilds));
    }

    [Fact]
    public async Task A_topic_that_is_cut_off_makes_a_stale_cache_that_still_reads_until_it_comes_back()
    {
        await using var topic = await OpenAsync();
        await topic.ProduceAsync("k", "v");
        await using var cache = await ReadyAsync(topic, static options => options.StaleAfter = TimeSpan.FromSeconds(1));
        await topic.DisconnectAsync();
        await cache.WaitForAsync(static status => status.Phase == CachePhase.Stale, Token);
        Assert.Equal("v", cache.Get("k"));
        Assert.NotNull(cache.Status.Reason);
        await topic.ReconnectAsync();
        await cache.WaitForAsync(static status => status.Phase == CachePhase.Ready, Token);
    }

    [Fact]
    public async Task A_cache_that_has_ended_answers_nobody()
    {
        await using var topic = await OpenAsync();
        var cache = await ReadyAsync(topic);
        var waiting = cache.WaitUntilAppliedAsync(new CachePosition(0, 100), Token);
        await cache.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => cache.PutAsync("k", "v", cancellationToken: Token));
        Assert.Equal(CachePhase.Stopped, cache.Status.Phase);
    }

    protected abstract Task<ContractTopic> OpenAsync(int partitions = 1);

    private static Task<KafkaCache<string, string>> ReadyAsync(
        ContractTopic topic, Action<KafkaCacheOptions<string, string>>? configure = null)
    {
        var options = topic.Options();
        configure?.Invoke(options);
        return KafkaCache.Create(options).ReadyOrGoneAsync();
    }
}
