using System.Net;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace KafkaCaching.Tests.AspNetCore.Watch;

/// <summary>A cache's changes as server-sent events.</summary>
public sealed class WatchEndpointTests(EmbeddedBrokerFixture broker)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Content_ready_and_changes_come_as_events()
    {
        await using var cache = await WritableAsync();
        await cache.PutAsync("a", "1", PutWait.Applied, Token);
        await using var host = await StartAsync(cache);
        await using var events = await host.WatchAsync("/watch");

        Assert.Equal("initial a=1", await events.NextAsync());
        Assert.Equal("ready", await events.NextAsync());
        await cache.PutAsync("b", "\"line\"\nline", cancellationToken: Token);
        Assert.Equal("set b=\"line\"\nline", await events.NextAsync());
        Assert.Equal("0:1", events.Data.GetProperty("position").GetString());
        Assert.Equal(
            cache.TryGetEntry("b", out var entry) ? entry.Timestamp : default, events.Data.GetProperty("timestamp").GetDateTimeOffset());
        await cache.RemoveAsync("a", cancellationToken: Token);
        Assert.Equal("removed a=", await events.NextAsync());
    }

    [Fact]
    public async Task A_client_that_reconnects_continues_after_its_last_event()
    {
        await using var cache = await WritableAsync();
        await using var host = await StartAsync(cache);
        string? last;
        await using (var first = await host.WatchAsync("/watch"))
        {
            Assert.Equal("ready", await first.NextAsync());
            await cache.PutAsync("a", "1", cancellationToken: Token);
            Assert.Equal("set a=1", await first.NextAsync());
            last = first.LastId;
        }

        await cache.PutAsync("b", "1", PutWait.Applied, Token);
        await using var second = await host.WatchAsync("/watch", last);
        Assert.Equal("ready", await second.NextAsync());
        Assert.Equal("set b=1", await second.NextAsync());
        await using var third = await host.WatchAsync($"/watch?lastEventId={Uri.EscapeDataString(second.LastId!)}");
        Assert.Equal("ready", await third.NextAsync());
    }

    // Without this, a client that still shows a key could not distinguish an empty cache from a resumed stream without changes.
    [Fact]
    public async Task The_event_ready_says_whether_the_stream_continues_after_the_last_event()
    {
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<string, string>();
        topic.Produce("a", "1");
        await topic.SettleAsync(Token);
        await using var host = await StartAsync(cache);
        string? last;
        await using (var first = await host.WatchAsync("/watch"))
        {
            Assert.Equal("initial a=1", await first.NextAsync());
            Assert.Equal("ready", await first.NextAsync());
            Assert.False(first.Data.GetProperty("resumed").GetBoolean());
            last = first.LastId;
        }

        await using (var second = await host.WatchAsync("/watch", last))
        {
            Assert.Equal("ready", await second.NextAsync());
            Assert.True(second.Data.GetProperty("resumed").GetBoolean());
        }

        topic.Recreate();
        await cache.WaitForAsync(static status => status is { Rebuilds: 1, Phase: CachePhase.Ready }, Token);
        await using var third = await host.WatchAsync("/watch", last);
        Assert.Equal("ready", await third.NextAsync());
        Assert.False(third.Data.GetProperty("resumed").GetBoolean());
    }

    [Fact]
    public async Task A_prefix_limits_the_keys()
    {
        await using var cache = await WritableAsync();
        await cache.PutAsync("org/1", "1", PutWait.Applied, Token);
        await cache.PutAsync("usér/1", "1", PutWait.Applied, Token);
        await using var host = await StartAsync(cache);
        await using var events = await host.WatchAsync("/watch?prefix=us%C3%A9r%2F");
        Assert.Equal("initial usér/1=1", await events.NextAsync());
        Assert.Equal("ready", await events.NextAsync());
    }

    // The keys are encoded in lower case.
    [Fact]
    public async Task A_prefix_of_a_Guid_may_be_in_upper_case()
    {
        var id = Guid.Parse("abcdef00-0000-0000-0000-000000000001");
        var topic = new InMemoryTopic();
        await using var cache = topic.CreateCache<Guid, string>();
        topic.Produce(id, "1");
        await topic.SettleAsync(Token);
        await using var host = await WatchHost.StartAsync(
            services => services.AddSingleton<IReadOnlyKafkaCache<Guid, string>>(cache),
            static app => app.MapKafkaCacheWatch<Guid, string>("/watch"));
        await using var events = await host.WatchAsync("/watch?prefix=ABCDEF00-");
        Assert.Equal($"initial {id}=1", await events.NextAsync());
    }

    [Fact]
    public async Task An_ID_or_a_prefix_in_another_form_is_a_clear_400()
    {
        await using var cache = await WritableAsync();
        await using var numbers = KafkaCache.Create(TestCaches.Options<long, string>(broker.BootstrapServers, broker.CreateTopic()));
        await using var host = await WatchHost.StartAsync(
            services =>
            {
                services.AddSingleton<IReadOnlyKafkaCache<string, string>>(cache);
                services.AddSingleton<IReadOnlyKafkaCache<long, string>>(numbers);
            },
            static app =>
            {
                app.MapKafkaCacheWatch<string, string>("/watch");
                app.MapKafkaCacheWatch<long, string>("/numbers");
            });

        using var badId = await host.GetAsync("/watch", "no cursor");
        Assert.Equal(HttpStatusCode.BadRequest, badId.StatusCode);
        Assert.Contains("Last-Event-ID", await badId.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        using var badPrefix = await host.GetAsync("/numbers?prefix=1");
        Assert.Equal(HttpStatusCode.BadRequest, badPrefix.StatusCode);
        Assert.Contains("prefix", await badPrefix.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(0, cache.Status.Watchers);
    }

    [Fact]
    public async Task Heartbeats_come_while_nothing_changes()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var cache = await WritableAsync();
        await using var host = await StartAsync(cache, time);
        await using var events = await host.WatchAsync("/watch");
        Assert.Equal("ready", await events.NextAsync());

        var next = events.NextAsync();
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return next.IsCompleted;
        });
        Assert.Equal("heartbeat", await next);
        await cache.PutAsync("a", "1", cancellationToken: Token);
        string? line;
        while ((line = await events.NextAsync()) == "heartbeat")
        {
        }

        Assert.Equal("set a=1", line);
    }

    [Fact]
    public async Task The_stream_ends_when_the_service_stops_and_when_the_client_leaves()
    {
        await using var cache = await WritableAsync();
        await using var host = await StartAsync(cache);
        await using (var left = await host.WatchAsync("/watch"))
            Assert.Equal("ready", await left.NextAsync());
        await Eventually.TrueAsync(() => cache.Status.Watchers == 0);

        await using var events = await host.WatchAsync("/watch");
        Assert.Equal("ready", await events.NextAsync());
        var stop = host.StopAsync();
        Assert.Null(await events.NextAsync());
        await stop.WaitAsync(TimeSpan.FromSeconds(10), Token);
    }

    // When the heartbeat fails, the watch is waiting for the next change.
    [Fact]
    public async Task A_watch_ends_when_a_heartbeat_cannot_be_written()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var cache = await WritableAsync();
        var body = new BreakableBody();
        await using var host = await WatchHost.StartAsync(
            services => services.AddSingleton<IReadOnlyKafkaCache<string, string>>(cache),
            app =>
            {
                app.Use(body.InsertAsync);
                app.MapKafkaCacheWatch<string, string>("/watch");
            },
            time);
        await using var events = await host.WatchAsync("/watch");
        Assert.Equal("ready", await events.NextAsync());
        Assert.Equal(1, cache.Status.Watchers);

        body.IsBroken = true;
        await Eventually.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(5));
            return body.Ended.IsCompleted;
        });
        Assert.IsType<IOException>(await Assert.ThrowsAnyAsync<Exception>(() => body.Ended));
        Assert.Equal(0, cache.Status.Watchers);
    }

    [Fact]
    public async Task A_faulted_cache_is_an_error_and_not_a_silent_stream()
    {
        var topic = broker.CreateTopic();
        await broker.Kafka.ProduceAsync(topic, new TestRecord("a"u8.ToArray(), [0xff]));
        await using var cache = TestCaches.Start(broker.BootstrapServers, topic, static o => o.Decode = DecodeMode.OnReplay);
        await Eventually.TrueAsync(() => cache.Status.Phase == CachePhase.Faulted);
        await using var host = await StartAsync(cache);
        using var answer = await host.GetAsync("/watch");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
    }

    // Uses a real socket, so that the endpoint's writes block when the client does not read and the socket buffers are full.
    [Fact]
    public async Task A_client_that_does_not_read_holds_up_no_other_and_gets_the_latest_when_it_does()
    {
        const int Rounds = 50;
        const int ChangesPerRound = 50;
        var large = new string('x', 15_000);
        await using var cache = await WritableAsync();
        await using var host = await StartAsync(cache, listens: true);
        await using var slow = await host.WatchAsync("/watch");
        Assert.Equal("ready", await slow.NextAsync());
        await using var quick = await host.WatchAsync("/watch");
        Assert.Equal("ready", await quick.NextAsync());

        for (var round = 0; round < Rounds; round++)
        {
            var values = Enumerable.Range(round * ChangesPerRound, ChangesPerRound).Select(i => $"{i}{large}").ToList();
            await Task.WhenAll(values.Select(value => cache.PutAsync("a", value, PutWait.Applied, Token)));
            foreach (var value in values)
                Assert.Equal($"set a={value}", await quick.NextAsync());
        }

        Assert.Equal(0, cache.Status.Partitions.Sum(static partition => partition.Lag));
        await cache.PutAsync("end", "", PutWait.Applied, Token);
        var (seen, last, line) = (0, "", "");
        for (; (line = await slow.NextAsync()) != "set end="; seen++)
            last = line!;
        Assert.Equal($"set a={(Rounds * ChangesPerRound) - 1}{large}", last);
        Assert.InRange(seen, 1, (Rounds * ChangesPerRound) - 1);
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_thousand_clients_get_every_change_and_nothing_piles_up()
    {
        const int Clients = 1_000;
        const int Changes = 30;
        await using var cache = await WritableAsync();
        await using var host = await StartAsync(cache, listens: true);
        var clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => host.WatchAsync("/watch")));
        try
        {
            Assert.All(await NextAsync(), static line => Assert.Equal("ready", line));
            Assert.Equal(Clients, cache.Status.Watchers);
            for (var i = 0; i < Changes; i++)
            {
                await cache.PutAsync("a", $"{i}", PutWait.Applied, Token);
                Assert.Equal(0, cache.Status.Partitions.Sum(static partition => partition.Lag));
                Assert.All(await NextAsync(), line => Assert.Equal($"set a={i}", line));
                Assert.Equal(0, cache.Status.PendingChanges);
            }
        }
        finally
        {
            foreach (var client in clients)
                await client.DisposeAsync();
        }

        Task<string?[]> NextAsync() => Task.WhenAll(clients.Select(static client => client.NextAsync()));
    }

    private static Task<WatchHost> StartAsync(KafkaCache<string, string> cache, TimeProvider? time = null, bool listens = false) =>
        WatchHost.StartAsync(
            services => services.AddSingleton<IReadOnlyKafkaCache<string, string>>(cache),
            static app => app.MapKafkaCacheWatch<string, string>("/watch"), time, listens);

    private Task<KafkaCache<string, string>> WritableAsync() =>
        TestCaches.ReadyAsync(broker.BootstrapServers, broker.CreateTopic(), static o => o.ReadOnly = false);

    /// <summary>The body of a response that can be made to refuse writes although the request has not been aborted.</summary>
    private sealed class BreakableBody
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsBroken { get; set; }

        /// <summary>A task that completes when the request ends.</summary>
        public Task Ended => _ended.Task;

        public async Task InsertAsync(HttpContext context, RequestDelegate next)
        {
            context.Response.Body = new Inserted(context.Response.Body, this);
            try
            {
                await next(context);
                _ended.TrySetResult();
            }
            catch (Exception failure)
            {
                _ended.TrySetException(failure);
                throw;
            }
        }

        private sealed class Inserted(Stream inner, BreakableBody owner) : Stream
        {
            public override bool CanRead => false;

            public override bool CanSeek => false;

            public override bool CanWrite => true;

            public override long Length => throw new NotSupportedException();

            public override long Position
            {
                get => throw new NotSupportedException();
                set => throw new NotSupportedException();
            }

            public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
                owner.IsBroken ? ValueTask.FromException(new IOException("broken")) : inner.WriteAsync(buffer, cancellationToken);

            public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

            public override void Flush() => throw new NotSupportedException();

            public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

            public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

            public override void SetLength(long value) => throw new NotSupportedException();
        }
    }
}
