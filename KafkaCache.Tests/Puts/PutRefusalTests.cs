using Confluent.Kafka;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Puts;

/// <summary>Puts that don't reach the producer, and puts that the producer refuses immediately. The log remains empty.</summary>
public sealed class PutRefusalTests(EmbeddedBrokerFixture embedded)
{
    private const string Canary = "canary-7f3a";

    [Fact]
    public async Task Null_value_is_refused_with_a_word_on_Remove() => await NothingIsSentAsync(null, async cache =>
    {
        Assert.Contains(
            "Remove", Assert.Throws<ArgumentNullException>("value", () => cache.Put("k", null!)).Message, StringComparison.Ordinal);
        Assert.Contains(
            "Remove", (await Assert.ThrowsAsync<ArgumentNullException>("value", () => cache.PutAsync("k", null!))).Message,
            StringComparison.Ordinal);
    });

    [Fact]
    public async Task Null_of_a_nullable_value_type_is_refused_too()
    {
        KafkaCacheOptions<string, int?> options = TestOptions.For<string, int?>(embedded.BootstrapServers, embedded.CreateTopic());
        await using var cache = KafkaCache.Create(options);
        Assert.Throws<ArgumentNullException>("value", () => cache.Put("k", null));
    }

    [Fact]
    public async Task Null_key_is_refused() => await NothingIsSentAsync(null, async cache =>
    {
        Assert.Throws<ArgumentNullException>("key", () => cache.Put(null!, "v"));
        Assert.Throws<ArgumentNullException>("key", () => cache.Remove(null!));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => cache.PutAsync(null!, "v"));
        await Assert.ThrowsAsync<ArgumentNullException>("key", () => cache.RemoveAsync(null!));
    });

    [Fact]
    public async Task Read_only_cache_refuses_with_a_word_on_ReadOnly() =>
        await NothingIsSentAsync(options => options.ReadOnly = true, async cache =>
    {
        Task[] refused =
        [
            Task.Run(() => cache.Put("k", "v")),
            Task.Run(() => cache.Remove("k")),
            Task.Run(() => cache.PutAsync("k", "v")),
            Task.Run(() => cache.RemoveAsync("k")),
            Task.Run(() => cache.PutManyAsync([new("k", "v")])),
        ];
        foreach (Task put in refused)
            Assert.Contains("ReadOnly", (await Assert.ThrowsAsync<InvalidOperationException>(() => put)).Message, StringComparison.Ordinal);
    });

    [Fact]
    public async Task ValidatePut_that_says_no_refuses_puts_but_no_removals()
    {
        var topic = embedded.CreateTopic();
        KafkaCacheOptions<string, string> options = TestOptions.For(embedded.BootstrapServers, topic);
        options.ValidatePut = (key, value) => key == "good" && value == "v";
        await using var cache = KafkaCache.Create(options);
        cache.WaitUntilReady();

        PutException refused = Assert.Throws<PutException>(() => cache.Put(Canary, "v"));

        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Null(refused.InnerException);
        AssertTellsNoPayload(refused);
        cache.Put("good", "v");
        cache.Remove(Canary);
        Assert.Equal(2, await embedded.Kafka.EndOffsetAsync(topic, 0));
    }

    [Fact]
    public async Task ValidatePut_that_throws_refuses_with_its_exception_inside()
    {
        var thrown = new FormatException("no");
        await NothingIsSentAsync(options => options.ValidatePut = (_, _) => throw thrown, async cache =>
        {
            Assert.Same(thrown, AssertNotCommitted(Assert.Throws<PutException>(() => cache.Put("k", "v"))).InnerException);
            Assert.Same(thrown, AssertNotCommitted(await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "v"))).InnerException);
        });
    }

    [Fact]
    public async Task Refusal_of_an_asynchronous_put_comes_in_its_task_so_that_puts_beside_it_are_not_lost() =>
        await NothingIsSentAsync(options => options.ValidatePut = (_, _) => false, async cache =>
        {
            Task<PutResult> put = cache.PutAsync("k", "v");
            Task<PutResult> cancelled = cache.RemoveAsync("k", cancellationToken: new CancellationToken(canceled: true));

            AssertNotCommitted(await Assert.ThrowsAsync<PutException>(() => put));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
            Assert.True(cancelled.IsCanceled);
        });

    [Fact]
    public async Task Serializer_that_throws_refuses_with_its_exception_inside()
    {
        var failing = new FailingSerializer();
        await NothingIsSentAsync(
            options => (options.ValueSerializer, options.ValueDeserializer) = (failing, Deserializers.Utf8),
            async cache =>
            {
                PutException refused = AssertNotCommitted(await Assert.ThrowsAsync<PutException>(() => cache.PutAsync(Canary, Canary)));
                Assert.Contains("value", refused.Message, StringComparison.Ordinal);
                AssertTellsNoPayload(refused);
            });
        await NothingIsSentAsync(
            options => (options.KeySerializer, options.KeyDeserializer) = (failing, Deserializers.Utf8),
            async cache =>
            {
                PutException refused = AssertNotCommitted(await Assert.ThrowsAsync<PutException>(() => cache.RemoveAsync(Canary)));
                Assert.Contains("key", refused.Message, StringComparison.Ordinal);
                AssertTellsNoPayload(refused);
            });
    }

    [Fact]
    public async Task Entry_that_the_store_would_not_hold_is_refused_by_the_name_of_its_option() => await NothingIsSentAsync(
        options => options.Producer = new ProducerConfig { MessageMaxBytes = 10_000_000 },
        async cache =>
        {
            PutException refused = AssertNotCommitted(
                await Assert.ThrowsAsync<PutException>(() => cache.PutAsync(Canary, new string('x', 1 << 20))));
            Assert.Contains("Store.MaxEntryBytes", refused.Message, StringComparison.Ordinal);
            AssertTellsNoPayload(refused);
        });

    [Fact]
    public async Task Record_over_the_producers_limit_is_refused_and_the_next_put_works() => await NothingIsSentAsync(
        options => options.Producer = new ProducerConfig { MessageMaxBytes = 2000 },
        async cache =>
        {
            PutException refused = AssertNotCommitted(
                await Assert.ThrowsAsync<PutException>(() => cache.PutAsync(Canary, new string('x', 3000))));
            Assert.Equal(ErrorCode.MsgSizeTooLarge, Assert.IsType<ProduceException<byte[], byte[]>>(refused.InnerException).Error.Code);
            Assert.Contains("3011 bytes", refused.Message, StringComparison.Ordinal);
            Assert.Contains("this process's own limit", refused.Message, StringComparison.Ordinal);
            Assert.Contains("Producer.MessageMaxBytes", refused.Message, StringComparison.Ordinal);
            AssertTellsNoPayload(refused);
        });

    [Fact]
    public async Task Record_that_its_headers_take_over_the_producers_limit_is_refused_with_their_size() => await NothingIsSentAsync(
        options => options.Producer = new ProducerConfig { MessageMaxBytes = 2000 },
        async cache =>
        {
            var headers = new Headers { { "tenant", new byte[3000] }, { Canary, new byte[40] }, { "empty", null } };
            PutException refused = AssertNotCommitted(
                await Assert.ThrowsAsync<PutException>(() => cache.PutAsync("k", "value", new PutOptions { Headers = headers })));
            Assert.Contains("6 bytes", refused.Message, StringComparison.Ordinal);
            Assert.Matches(@"headers (3062|3128)\b", refused.Message); // 66 more if another test traces the put.
            AssertTellsNoPayload(refused);
        });

    [Fact]
    public async Task Put_cancelled_before_its_hand_over_is_not_sent() => await NothingIsSentAsync(null, async cache =>
    {
        var cancelled = new CancellationToken(canceled: true);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.PutAsync("k", "v", cancellationToken: cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cache.RemoveAsync("k", PutWait.Applied, cancelled));
    });

    private static PutException AssertNotCommitted(PutException refused)
    {
        Assert.Equal(PutOutcome.NotCommitted, refused.Outcome);
        Assert.Null(refused.Result);
        return refused;
    }

    private static void AssertTellsNoPayload(Exception error) => Assert.DoesNotContain(Canary, error.Message, StringComparison.Ordinal);

    private async Task NothingIsSentAsync(Action<KafkaCacheOptions<string, string>>? change, Func<KafkaCache<string, string>, Task> attempt)
    {
        var topic = embedded.CreateTopic();
        KafkaCacheOptions<string, string> options = TestOptions.For(embedded.BootstrapServers, topic);
        change?.Invoke(options);
        await using (var cache = KafkaCache.Create(options))
            await attempt(cache);
        Assert.Equal(0, await embedded.Kafka.EndOffsetAsync(topic, 0));
    }

    private sealed class FailingSerializer : ISerializer<string>
    {
        public byte[] Serialize(string data, SerializationContext context) => throw new InvalidOperationException("can't");
    }
}
