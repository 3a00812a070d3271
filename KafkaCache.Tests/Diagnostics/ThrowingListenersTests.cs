using System.Diagnostics;
using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.Puts;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Replay;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Diagnostics;

/// <summary>Listeners to spans and metrics may throw. This must not change the outcome of a put, or keep a record from being
/// applied.</summary>
[Collection(HeardSpans.Listening)]
public sealed class ThrowingListenersTests(EmbeddedBrokerFixture broker)
{
    private readonly string _topic = broker.CreateTopic();

    public enum Moment
    {
        Sampled,
        Started,
        Stopped,
    }

    public static TheoryData<Moment, bool> Moments =>
        new(Enum.GetValues<Moment>().SelectMany(static moment => new[] { (moment, false), (moment, true) }));

    [Theory]
    [MemberData(nameof(Moments))]
    public async Task Listener_to_spans_that_throws_fails_no_put_and_no_replay(Moment moment, bool isAsync)
    {
        using var loggers = new ListLoggerFactory();
        await using var cache = await KafkaCache.Create(
            TestCaches.Options<string, string>(broker.BootstrapServers, _topic, static o => o.ReadOnly = false),
            loggers).ReadyOrGoneAsync();
        using var before = new HeardSpans(_topic); // Ensures that the records have trace headers, whatever the other listener does.
        using var thrower = Throwing(moment);
        using var request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var written = WrittenPositions.Gather();

        var put = isAsync
            ? await cache.PutAsync("a", "1", PutWait.Applied, TestContext.Current.CancellationToken)
            : cache.Put("a", "1", PutWait.Applied);

        Assert.Same(request, Activity.Current);
        Assert.Equal("1", cache.Get("a"));
        Assert.Equal([(_topic, put.Position)], written.Snapshot());
        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
        Assert.Single(loggers.Logger.Lines, static line => line.Id == 112);
    }

    [Theory]
    [InlineData("kafkacache.put.duration")]
    [InlineData("kafkacache.apply_wait.duration")]
    public async Task Listener_to_durations_that_throws_fails_no_put_and_no_wait(string instrument)
    {
        using var meters = new OwnMeterFactory();
        using var loggers = new ListLoggerFactory();
        await using var cache = await KafkaCache.Create(
            TestCaches.Options<string, string>(broker.BootstrapServers, _topic, o => (o.ReadOnly, o.MeterFactory) = (false, meters)),
            loggers).ReadyOrGoneAsync();
        using var thrower = new MeterListener
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Name == instrument && published.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(published);
            },
        };
        thrower.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("listener"));
        thrower.Start();
        var written = WrittenPositions.Gather();

        var first = cache.Put("a", "1", PutWait.Applied);
        var second = await cache.PutAsync("a", "2", PutWait.Applied, TestContext.Current.CancellationToken);
        await cache.WaitUntilAppliedAsync(second.Position, TestContext.Current.CancellationToken);

        Assert.Equal(first.Offset + 1, second.Offset);
        Assert.Equal([(_topic, second.Position)], written.Snapshot());
        Assert.Single(loggers.Logger.Lines, static line => line.Id == 112);
    }

    [Fact]
    public async Task Logger_that_throws_at_it_too_makes_no_put_of_a_batch_seem_unsent()
    {
        using var logger = new ThrowingLogger();
        await using var cache = await KafkaCache.Create(
            TestCaches.Options<string, string>(broker.BootstrapServers, _topic, static o => o.ReadOnly = false), logger).ReadyOrGoneAsync();
        using var thrower = Throwing(Moment.Stopped);

        var attempts = await cache.PutManyAsync([new("a", "1"), new("b", "1")], PutWait.Applied, TestContext.Current.CancellationToken);

        Assert.All(attempts, static attempt => Assert.Null(attempt.Error));
        Assert.True(logger.HasThrown);
        Assert.Equal(CachePhase.Ready, cache.Status.Phase);
    }

    [Fact]
    public async Task Wait_that_ends_badly_says_so_though_a_listener_throws()
    {
        using var meters = new OwnMeterFactory();
        await using var cache = await TestCaches.ReadyAsync(
            broker.BootstrapServers, _topic, o => (o.MeterFactory, o.ApplyTimeout) = (meters, TimeSpan.FromMilliseconds(20)));
        using var thrower = new MeterListener
        {
            InstrumentPublished = (published, listener) =>
            {
                if (published.Meter.Scope == meters)
                    listener.EnableMeasurementEvents(published);
            },
        };
        thrower.SetMeasurementEventCallback<double>(static (_, _, _, _) => throw new InvalidOperationException("listener"));
        thrower.Start();

        await Assert.ThrowsAsync<TimeoutException>(
            () => cache.WaitUntilAppliedAsync(new CachePosition(0, 1000), TestContext.Current.CancellationToken));
    }

    private sealed class ThrowingLogger : ILoggerFactory, ILogger
    {
        public bool HasThrown { get; private set; }

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id != 112)
                return;
            HasThrown = true;
            throw new InvalidOperationException("logger");
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public void Dispose()
        {
        }
    }

    private ActivityListener Throwing(Moment moment)
    {
        void ThrowAt(Moment now, string span)
        {
            if (now == moment && span.EndsWith(_topic, StringComparison.Ordinal))
                throw new InvalidOperationException("listener");
        }

        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == CacheTracing.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                ThrowAt(Moment.Sampled, options.Name);
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStarted = span => ThrowAt(Moment.Started, span.DisplayName),
            ActivityStopped = span => ThrowAt(Moment.Stopped, span.DisplayName),
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
