using System.Globalization;
using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

public sealed class PutManyTests(EmbeddedBrokerFixture embedded)
{
    [Fact]
    public async Task Fifty_thousand_entries_are_in_the_log_in_order_with_a_result_each()
    {
        const int entries = 50_000, keys = 20_000, partitions = 3;
        var topic = embedded.CreateTopic(partitions);
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, topic));
        cache.WaitUntilReady();

        IReadOnlyList<PutAttempt> attempts = await cache.PutManyAsync(
            Enumerable.Range(0, entries)
                .Select(static i => new KeyValuePair<string, string>($"k{i % keys}", i.ToString(CultureInfo.InvariantCulture))),
            PutWait.Applied,
            TestContext.Current.CancellationToken);

        Assert.Equal(entries, attempts.Count);
        var next = new long[partitions];
        for (var i = 0; i < entries; i++)
        {
            Assert.Null(attempts[i].Error);
            PutResult result = attempts[i].Result!.Value;
            Assert.Equal(next[result.Partition]++, result.Offset);
        }

        Assert.Equal(keys, cache.Count);
        for (var i = entries - keys; i < entries; i++)
        {
            Assert.True(cache.TryGetEntry($"k{i % keys}", out CacheEntry<string> entry));
            Assert.Equal((i.ToString(CultureInfo.InvariantCulture), attempts[i].Result!.Value.Position), (entry.Value, entry.Position));
        }
    }

    [Fact]
    public async Task Bad_entries_fail_alone_each_in_its_place()
    {
        KafkaCacheOptions<string, string> options = TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic());
        options.ValidatePut = static (_, value) => value != "bad";
        options.Producer = new ProducerConfig { MessageMaxBytes = 2000 };
        await using var cache = KafkaCache.Create(options);
        cache.WaitUntilReady();

        IReadOnlyList<PutAttempt> attempts = await cache.PutManyAsync(
            [new("a", "1"), new("b", null!), new(null!, "x"), new("c", "bad"), new("d", new string('x', 3000)), new("e", "2")],
            PutWait.Applied,
            TestContext.Current.CancellationToken);

        Assert.Equal([0L, null, null, null, null, 1L], attempts.Select(static attempt => attempt.Result?.Offset));
        Assert.All(attempts.Skip(1).Take(4), static attempt => Assert.Equal(PutOutcome.NotCommitted, attempt.Error!.Outcome));
        Assert.Contains(
            "Remove", Assert.IsType<ArgumentNullException>(attempts[1].Error!.InnerException).Message, StringComparison.Ordinal);
        Assert.Equal("key", Assert.IsType<ArgumentNullException>(attempts[2].Error!.InnerException).ParamName);
        Assert.Equal(["a", "e"], cache.Scan().Select(static entry => entry.Key).Order());
    }

    [Fact]
    public async Task No_entries_are_no_attempts()
    {
        await using var cache = KafkaCache.Create(TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic()));
        Assert.Empty(await cache.PutManyAsync([], PutWait.Applied, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentNullException>("entries", () => { _ = cache.PutManyAsync(null!); });
    }

    [Fact]
    public async Task Cancelled_midway_every_entry_has_its_attempt_and_the_log_agrees()
    {
        const int entries = 5000, cancelAt = 2500;
        await using OwnBroker own = await OwnBroker.StartAsync();
        using var cancellation = new CancellationTokenSource();

        IEnumerable<KeyValuePair<string, string>> Entries()
        {
            for (var i = 0; i < entries; i++)
            {
                if (i == cancelAt)
                    cancellation.Cancel();
                yield return new($"k{i}", "v");
            }
        }

        IReadOnlyList<PutAttempt> attempts = await own.Cache.PutManyAsync(Entries(), cancellationToken: cancellation.Token);

        Assert.Equal(entries, attempts.Count);
        Assert.All(attempts.Skip(cancelAt), static attempt =>
        {
            Assert.Equal(PutOutcome.NotCommitted, attempt.Error!.Outcome);
            Assert.IsAssignableFrom<OperationCanceledException>(attempt.Error.InnerException);
        });
        Assert.All(
            attempts.Take(cancelAt).Where(static attempt => attempt.Error is not null),
            static attempt => Assert.Equal(PutOutcome.Unknown, attempt.Error!.Outcome));

        // The records in flight are still written, because they can't be withdrawn.
        await Eventually.TrueAsync(
            async () => await own.Kafka.EndOffsetAsync(own.Topic, 0) == cancelAt + 1, "all that was handed over is in the log");
        IReadOnlyList<(string Key, CachePosition Position)> log = await own.ReadLogAsync();
        Assert.Equal(Enumerable.Range(0, cancelAt).Select(static i => $"k{i}"), log.Skip(1).Select(static record => record.Key));
        for (var i = 0; i < cancelAt; i++)
        {
            if (attempts[i].Result is { } result)
                Assert.Equal(log[i + 1].Position, result.Position);
        }
    }

    [Fact]
    public async Task Producers_full_queue_slows_the_puts_down_and_fails_none()
    {
        const int entries = 3000;
        KafkaCacheOptions<string, string> options = TestOptions.For(embedded.BootstrapServers, embedded.CreateTopic());
        options.Producer = new ProducerConfig { QueueBufferingMaxMessages = 100 };
        await using var cache = KafkaCache.Create(options);

        IReadOnlyList<PutAttempt> attempts = await cache.PutManyAsync(
            Enumerable.Range(0, entries).Select(static i => new KeyValuePair<string, string>($"k{i}", "v")),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(attempts, static attempt => Assert.Null(attempt.Error));
        Assert.Equal(
            Enumerable.Range(0, entries).Select(static i => (long)i), attempts.Select(static attempt => attempt.Result!.Value.Offset));
    }

    [Fact]
    public async Task Entry_that_waits_for_the_producers_queue_is_validated_and_encoded_once()
    {
        const int entries = 60;
        var validated = 0;
        var (keys, values) = (new CountingSerializer(), new CountingSerializer());
        await using OwnBroker own = await OwnBroker.StartAsync(options =>
        {
            options.ValidatePut = (_, _) => Interlocked.Increment(ref validated) > 0;
            (options.KeySerializer, options.KeyDeserializer) = (keys, Deserializers.Utf8);
            (options.ValueSerializer, options.ValueDeserializer) = (values, Deserializers.Utf8);
            options.Producer = new ProducerConfig { QueueBufferingMaxMessages = 10 };
        });
        own.Broker.SetRoundTripTime(TimeSpan.FromMilliseconds(100));
        (validated, keys.Calls, values.Calls) = (0, 0, 0);

        IReadOnlyList<PutAttempt> attempts = await own.Cache.PutManyAsync(
            Enumerable.Range(0, entries).Select(static i => new KeyValuePair<string, string>($"k{i}", "v")),
            cancellationToken: TestContext.Current.CancellationToken);

        Assert.All(attempts, static attempt => Assert.Null(attempt.Error));
        Assert.Equal((entries, entries, entries), (validated, keys.Calls, values.Calls));
    }

    [Fact]
    public async Task Entries_that_wait_for_the_producers_queue_when_the_call_is_cancelled_are_not_sent()
    {
        const int room = 10, entries = 20;
        await using OwnBroker own = await OwnBroker.StartAsync(
            static options => options.Producer = new ProducerConfig { QueueBufferingMaxMessages = room });
        own.Broker.SetBrokerDown();
        using var cancellation = new CancellationTokenSource();
        var read = 0;

        IEnumerable<KeyValuePair<string, string>> Entries()
        {
            for (; read < entries; Interlocked.Increment(ref read))
                yield return new($"k{read}", "v");
        }

        Task<IReadOnlyList<PutAttempt>> running = own.Cache.PutManyAsync(Entries(), cancellationToken: cancellation.Token);
        await Eventually.TrueAsync(() => Volatile.Read(ref read) == room);
        await cancellation.CancelAsync();
        IReadOnlyList<PutAttempt> attempts = await running;

        Assert.Equal(entries, attempts.Count);
        Assert.All(attempts.Take(room), static attempt => Assert.Equal(PutOutcome.Unknown, attempt.Error!.Outcome));
        Assert.All(attempts.Skip(room), static attempt =>
        {
            Assert.Equal(PutOutcome.NotCommitted, attempt.Error!.Outcome);
            Assert.IsAssignableFrom<OperationCanceledException>(attempt.Error.InnerException);
        });
    }

    [Fact]
    public async Task Entries_that_throw_when_they_are_read_leave_nothing_in_flight()
    {
        await using OwnBroker own = await OwnBroker.StartAsync();
        own.Broker.SetRoundTripTime(TimeSpan.FromMilliseconds(500));

        static IEnumerable<KeyValuePair<string, string>> Entries()
        {
            for (var i = 0; i < 10; i++)
                yield return new($"k{i}", "v");
            throw new FormatException("the caller's own");
        }

        await Assert.ThrowsAsync<FormatException>(() => own.Cache.PutManyAsync(Entries()));

        own.Broker.SetRoundTripTime(TimeSpan.Zero);
        Assert.Equal(11, await own.Kafka.EndOffsetAsync(own.Topic, 0));
        Assert.Equal(11, (await own.Cache.PutAsync("after", "v")).Offset);
    }

    [Fact]
    public async Task Entries_are_read_as_room_comes_not_all_at_once()
    {
        await using OwnBroker own = await OwnBroker.StartAsync(static options => options.PutTimeout = TimeSpan.FromSeconds(60));
        own.Broker.SetBrokerDown();
        var read = 0;

        IEnumerable<KeyValuePair<string, string>> Entries()
        {
            for (var i = 0; i < 30_000; i++)
            {
                Volatile.Write(ref read, i + 1);
                yield return new($"k{i}", "v");
            }
        }

        Task<IReadOnlyList<PutAttempt>> running = own.Cache.PutManyAsync(Entries());
        await Eventually.TrueAsync(() => Volatile.Read(ref read) >= 10_000);
        Assert.InRange(Volatile.Read(ref read), 10_000, 10_001);
        Assert.False(running.IsCompleted);

        own.Broker.SetBrokerUp();
        IReadOnlyList<PutAttempt> attempts = await running;
        Assert.All(attempts, static attempt => Assert.Null(attempt.Error));
        Assert.Equal(30_000, attempts.Select(static attempt => attempt.Result!.Value.Offset).Distinct().Count());
    }

    private sealed class CountingSerializer : ISerializer<string>
    {
        private int _calls;

        public int Calls
        {
            get => Volatile.Read(ref _calls);
            set => Volatile.Write(ref _calls, value);
        }

        public byte[] Serialize(string data, SerializationContext context)
        {
            Interlocked.Increment(ref _calls);
            return Serializers.Utf8.Serialize(data, context);
        }
    }
}
