using System.Diagnostics;
using KafkaCaching.Logs;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Replay;

namespace KafkaCaching.Tests.Testing.InMemory;

/// <summary>Tests what is specific to the in-memory topic. The contract suite tests what it shares with other topics.</summary>
public sealed class InMemoryTopicTests
{
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly InMemoryTopic _topic;

    public InMemoryTopicTests() => _topic = new InMemoryTopic(partitions: 2, _clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_produced_is_readable_after_settling_and_carries_the_time_of_the_clock()
    {
        await using var users = _topic.CreateCache<Guid, User>();
        var id = Guid.NewGuid();
        var position = _topic.Produce(id, new User("Ada"));
        await _topic.SettleAsync(Token);
        Assert.True(users.TryGetEntry(id, out var entry));
        Assert.Equal(
            ("Ada", position.Partition, position.Offset, _clock.GetUtcNow()),
            (entry.Value.Name, entry.Partition, entry.Offset, entry.Timestamp));
        _topic.Remove(id);
        await _topic.SettleAsync(Token);
        Assert.Null(users.Get(id));
    }

    // The in-memory topic copies the bytes, as Kafka's producers do.
    [Fact]
    public async Task Bytes_that_the_caller_uses_again_stay_in_the_log_as_they_were_written()
    {
        await using var pages = _topic.CreateCache<string, byte[]>();
        var bytes = "one"u8.ToArray();
        _topic.ProduceBytes(bytes, bytes, headers: [new("trace", bytes)]);
        await pages.PutAsync("key", bytes, cancellationToken: Token);
        _topic.Disconnect();
        var held = pages.PutAsync("held", bytes, cancellationToken: Token);
        "two"u8.CopyTo(bytes);
        _topic.Reconnect();
        await held;

        Assert.Equal(3, _topic.Records.Count);
        Assert.All(_topic.Records, static record => Assert.Equal("one"u8, record.Value!));
        var first = _topic.Records.Single(static record => record.Headers.Any(static header => header.Key == "trace"));
        Assert.Equal("one"u8, first.Key!);
        Assert.Equal("one"u8, first.Headers[0].Value!);
    }

    [Fact]
    public async Task Settling_waits_for_every_cache_and_for_none_that_has_ended()
    {
        await _topic.SettleAsync(Token);
        await using var one = _topic.CreateCache<string, string>();
        var two = _topic.CreateCache<string, string>();
        for (var i = 0; i < 5_000; i++)
            _topic.Produce($"k{i}", "v");
        await _topic.SettleAsync(Token);
        Assert.Equal((5_000, 5_000), (one.Count, two.Count));
        Assert.Equal(CachePhase.Ready, one.Status.Phase);
        await two.DisposeAsync();
        await _topic.SettleAsync(Token);
    }

    [Fact]
    public async Task Settling_shows_a_fault()
    {
        await using var cache = _topic.CreateCache<string, int>(static options => options.Decode = DecodeMode.OnReplay);
        _topic.Produce("k", "not four bytes");
        await _topic.SettleAsync(Token);
        Assert.IsType<RecordErrorException>(cache.Status.Fault);
    }

    [Fact]
    public async Task A_replay_that_is_held_is_named_when_it_does_not_settle()
    {
        using var gate = new ManualResetEventSlim();
        await using var cache = _topic.CreateCache<string, string>(options => options.ValidateRecord = (in CacheRecord _) =>
        {
            gate.Wait();
            return true;
        });
        _topic.Produce("k", "v");
        _topic.SettlePatience = TimeSpan.FromMilliseconds(100);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => _topic.SettleAsync(Token));
        _topic.SettlePatience = TimeSpan.FromSeconds(30);
        gate.Set();
        Assert.Contains("'in-memory' applies what it has read", late.Message, StringComparison.Ordinal);
        await _topic.SettleAsync(Token);
    }

    [Fact]
    public async Task Compaction_changes_nothing_for_earlier_and_later_readers()
    {
        await using var before = _topic.CreateCache<string, string>();
        _topic.Produce("kept", "1", partition: 0);
        _topic.Produce("kept", "2", partition: 0);
        _topic.Produce("gone", "1", partition: 0);
        _topic.Remove("gone", partition: 0);
        await _topic.SettleAsync(Token);

        _topic.Compact();
        Assert.Equal([1, 3], _topic.Records.Select(static record => record.Position.Offset));
        _topic.Compact(removeTombstones: true);
        Assert.Equal([1], _topic.Records.Select(static record => record.Position.Offset));

        await using var after = _topic.CreateCache<string, string>();
        await _topic.SettleAsync(Token);
        Assert.Equal(before.Content(), after.Content());
        Assert.Equal("2", Assert.Single(after.Content()).Value);
        Assert.Equal((4, 0L), (after.Status.Partitions[0].Position, before.Status.Rebuilds));
    }

    [Fact]
    public async Task Truncation_below_what_was_read_makes_the_cache_start_over()
    {
        await using var cache = _topic.CreateCache<string, string>();
        _topic.Produce("a", "1", partition: 0);
        _topic.Produce("b", "1", partition: 0);
        await _topic.SettleAsync(Token);

        _topic.Truncate(partition: 0, fromOffset: 1);
        _topic.Produce("c", "1", partition: 0); // The log has its old length again.
        await _topic.SettleAsync(Token);

        Assert.Equal(["a", "c"], cache.Content().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, cache.Status.Rebuilds);
    }

    [Fact]
    public async Task Records_deleted_before_they_were_read_make_the_cache_start_over()
    {
        await using var cache = _topic.CreateCache<string, string>();
        _topic.Produce("a", "1", partition: 0);
        await _topic.SettleAsync(Token);
        _topic.Stall();
        _topic.Produce("b", "1", partition: 0);
        _topic.Produce("c", "1", partition: 0);
        _topic.DeleteRecords(partition: 0, beforeOffset: 2);
        _topic.Resume();
        await _topic.SettleAsync(Token);
        Assert.Equal(["c"], cache.Content().Keys);
        Assert.Equal((1, 2), (cache.Status.Rebuilds, cache.Status.Partitions[0].LogStart));
    }

    [Fact]
    public async Task A_stalled_topic_delivers_nothing_until_it_resumes()
    {
        await using var cache = _topic.CreateCache<string, string>();
        await _topic.SettleAsync(Token);
        _topic.Stall();
        _topic.Produce("k", "v");
        await _topic.SettleAsync(Token);
        Assert.Equal(0, cache.Count);
        _topic.Resume();
        await _topic.SettleAsync(Token);
        Assert.Equal("v", cache.Get("k"));
    }

    [Fact]
    public async Task A_cache_that_is_cut_off_is_stale_when_the_clock_says_so_and_comes_back()
    {
        await using var cache = _topic.CreateCache<string, string>(static options => options.StaleAfter = StaleAfter);
        _topic.Produce("k", "v");
        await _topic.SettleAsync(Token);

        _topic.Disconnect();
        _clock.Advance(StaleAfter);
        await _topic.SettleAsync(Token);
        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
        _clock.Advance(TimeSpan.FromSeconds(2));
        await _topic.SettleAsync(Token);
        Assert.Equal((CachePhase.Stale, "v"), (cache.Status.Phase, cache.Get("k")));

        _topic.Reconnect();
        await AdvanceUntilAsync(cache, CachePhase.Ready);
    }

    [Fact]
    public async Task A_topic_that_stalls_too_long_gets_another_reader_and_a_stale_cache()
    {
        await using var cache = _topic.CreateCache<string, string>(static options => options.StaleAfter = StaleAfter);
        await _topic.SettleAsync(Token);
        _topic.Stall();
        _topic.Produce("k", "v");
        await AdvanceUntilAsync(cache, CachePhase.Stale);
        Assert.NotEqual(0, cache.Status.ConsumerRecreations);
        _topic.Resume();
        await AdvanceUntilAsync(cache, CachePhase.Ready);
        Assert.Equal("v", cache.Get("k"));
    }

    [Fact]
    public async Task A_broken_reader_is_replaced_and_nothing_is_read_twice()
    {
        await using var cache = _topic.CreateCache<string, string>();
        _topic.Produce("k", "1");
        await _topic.SettleAsync(Token);
        _topic.BreakReaders();
        _topic.Produce("k", "2");
        await _topic.SettleAsync(Token);
        Assert.Equal(("2", 2, 1), (cache.Get("k"), cache.Status.RecordsApplied, cache.Status.ConsumerRecreations));
    }

    [Theory]
    [InlineData(PutFault.Refused, PutOutcome.NotCommitted, 0)]
    [InlineData(PutFault.RequestLost, PutOutcome.Unknown, 0)]
    [InlineData(PutFault.AnswerLost, PutOutcome.Unknown, 1)]
    public async Task A_put_fails_as_asked_for_and_the_next_one_does_not(PutFault fault, PutOutcome outcome, int records)
    {
        await using var cache = _topic.CreateCache<string, string>();
        _topic.FailPuts(fault);
        var failed = await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "v", cancellationToken: Token));
        Assert.Equal((outcome, records), (failed.Outcome, _topic.Records.Count));
        await cache.PutAsync("k", "v", PutWait.Applied, Token);
        Assert.Equal("v", cache.Get("k"));
    }

    [Fact]
    public async Task A_count_of_zero_ends_the_failures_that_were_asked_for()
    {
        await using var cache = _topic.CreateCache<string, string>();
        _topic.FailPuts(count: 1_000);
        await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "1", cancellationToken: Token));
        _topic.FailPuts(count: 0);
        await cache.PutAsync("k", "2", PutWait.Applied, Token);
        Assert.Equal("2", cache.Get("k"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _topic.FailPuts(count: -1));
    }

    [Fact]
    public async Task A_put_to_a_topic_that_is_cut_off_waits_and_is_answered_in_time()
    {
        await using var cache = _topic.CreateCache<string, string>();
        _topic.Disconnect();
        var waits = cache.PutAsync("k", "1", cancellationToken: Token);
        _topic.Reconnect();
        Assert.Equal(0, (await waits).Offset);

        _topic.Disconnect();
        var unanswered = cache.PutAsync("k", "2", cancellationToken: Token);
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(PutOutcome.Unknown, (await Assert.ThrowsAsync<PutException>(() => unanswered)).Outcome);
    }

    [Fact]
    public async Task A_record_has_its_headers_and_the_timestamp_that_it_was_given()
    {
        string? seen = null;
        await using var cache = _topic.CreateCache<string, string>(options => options.ValidateRecord = (in CacheRecord record) =>
        {
            seen = record.TryGetHeader("from", out var from) ? System.Text.Encoding.UTF8.GetString(from) : null;
            return true;
        });
        var timestamp = _clock.GetUtcNow().AddDays(-1);
        _topic.ProduceBytes("k"u8.ToArray(), "v"u8.ToArray(), timestamp: timestamp, headers: [new("from", "a test"u8.ToArray())]);
        await _topic.SettleAsync(Token);
        Assert.True(cache.TryGetEntry("k", out var entry));
        Assert.Equal(("a test", timestamp), (seen, entry.Timestamp));
    }

    [Fact]
    public void A_topic_can_have_neither_no_partitions_nor_fewer_than_before()
    {
        Assert.Equal("partitions", Assert.Throws<ArgumentOutOfRangeException>(() => _topic.Recreate(0)).ParamName);
        Assert.Equal("total", Assert.Throws<ArgumentOutOfRangeException>(() => _topic.AddPartitions(1)).ParamName);
        _topic.Recreate(1);
        Assert.Equal(0, _topic.Produce("a", "1").Partition);
    }

    [Fact]
    public async Task A_deleted_topic_is_waited_for()
    {
        _topic.Delete();
        await using var cache = _topic.CreateCache<string, string>();
        await _topic.SettleAsync(Token);
        Assert.Equal(CachePhase.Starting, cache.Status.Phase);
        Assert.Contains("does not exist", cache.Status.Reason, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => _topic.Produce("k", "v"));
        _topic.Create();
        _topic.Produce("k", "v");
        await _topic.SettleAsync(Token);
        Assert.Equal("v", cache.Get("k"));
        Assert.Throws<InvalidOperationException>(() => _topic.Create());
    }

    [Fact]
    public async Task A_custom_log_that_throws_faults_the_cache()
    {
        await using var cache = KafkaCache.Create(new KafkaCacheOptions<string, string> { Topic = "t", Log = new RefusingLog() });
        var faulted = await Assert.ThrowsAsync<CacheFaultedException>(() => cache.WaitUntilReadyAsync(Token));
        Assert.Contains("not for you", faulted.Message, StringComparison.Ordinal);
    }

    // Uses the fastest run, which is the least disturbed by other processes.
    [Fact]
    [Trait("Category", "Long")]
    public async Task A_test_takes_less_than_five_milliseconds()
    {
        var fastest = TimeSpan.MaxValue;
        for (var i = 0; i < 300; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await RunOneAsync();
            var took = Stopwatch.GetElapsedTime(started);
            fastest = took < fastest ? took : fastest;
        }

        TestContext.Current.SendDiagnosticMessage($"A test on an in-memory topic took {fastest.TotalMilliseconds:0.00} ms.");
        Assert.InRange(fastest, TimeSpan.Zero, TimeSpan.FromMilliseconds(5));
    }

    private static async Task RunOneAsync()
    {
        var topic = new InMemoryTopic(partitions: 3);
        await using var cache = topic.CreateCache<string, string>();
        topic.Produce("k", "1");
        await topic.SettleAsync(Token);
        await cache.PutAsync("k", "2", PutWait.Applied, Token);
        Assert.Equal("2", cache.Get("k"));
    }

    // The check of the topic runs on the thread pool and can miss a single advance of the clock.
    private async Task AdvanceUntilAsync(KafkaCache<string, string> cache, CachePhase phase)
    {
        await cache.WaitForAsync(
            status =>
            {
                _clock.Advance(TimeSpan.FromSeconds(1));
                return status.Phase == phase;
            },
            Token);
        await _topic.SettleAsync(Token);
    }

    private sealed record User(string Name);

    private sealed class RefusingLog : ITopicLog, ITopicLogClient
    {
        public ITopicLogClient Connect(string cache) => this;

        public Task<TopicLogDescription> DescribeAsync() =>
            Task.FromException<TopicLogDescription>(new TopicLogException("It is not for you.", TopicLogProblem.Refused));

        public ITopicLogReader OpenReader(string topicId, IReadOnlyList<CachePosition> from) => throw new NotSupportedException();

        public Task<PutResult> AppendAsync(byte[] key, byte[]? value, IReadOnlyList<KeyValuePair<string, byte[]?>> headers) =>
            throw new NotSupportedException();

        public void Dispose()
        {
        }
    }
}
