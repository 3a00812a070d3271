using System.Collections.Concurrent;
using System.Diagnostics;
using KafkaCaching.Hybrid;
using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Hybrid;

/// <summary>Spans of factories and claims. All tests share the activity source, so each test filters the spans by its own trace.</summary>
public sealed class HybridTracingTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly Activity _request;
    private readonly ActivityListener _listener;
    private readonly InMemoryTopic _topic;
    private int _claims;

    public HybridTracingTests()
    {
        _topic = new InMemoryTopic(time: _clock, name: "web");
        _request = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        var trace = _request.TraceId;
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == KafkaHybridCache.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.TraceId == trace
                ? ActivitySamplingResult.AllDataAndRecorded
                : ActivitySamplingResult.None,
            ActivityStarted = span => _ = span.DisplayName == "claim web" ? Interlocked.Increment(ref _claims) : 0,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_miss_has_the_span_of_its_factory_and_a_hit_has_none()
    {
        using var request = Request();
        await using var pod = await HybridPod.ReadyAsync(_topic, _clock);
        Activity? inside = null;

        for (var i = 0; i < 2; i++)
        {
            await pod.Cache.GetOrCreateAsync(
                "user/secret",
                _ =>
                {
                    inside = Activity.Current;
                    return ValueTask.FromResult("value");
                },
                cancellationToken: Token);
        }

        var span = Assert.Single(_spans);
        Assert.Equal(("factory web", ActivityKind.Internal), (span.DisplayName, span.Kind));
        Assert.Equal(_request.SpanId, span.ParentSpanId);
        Assert.Same(span, inside);
        Assert.Equal([new("kafkacache.cache", "web")], span.TagObjects);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task A_factory_that_throws_is_an_error_by_its_type()
    {
        using var request = Request();
        await using var pod = await HybridPod.ReadyAsync(_topic, _clock);

        await Assert.ThrowsAsync<TimeoutException>(() => pod.Cache.GetOrCreateAsync<string>(
            "k", static _ => throw new TimeoutException("secret"), cancellationToken: Token).AsTask());

        var span = Assert.Single(_spans);
        Assert.Equal(ActivityStatusCode.Error, span.Status);
        Assert.Null(span.StatusDescription);
        Assert.Equal("System.TimeoutException", span.GetTagItem("error.type"));
    }

    [Fact]
    public async Task A_claim_says_who_ran_the_factory()
    {
        using var request = Request();
        await using var one = await HybridPod.ReadyAsync(_topic, _clock, static options => options.OneFactoryAcrossPods = true);
        await using var two = await HybridPod.ReadyAsync(_topic, _clock, static options => options.OneFactoryAcrossPods = true);
        await Eventually.TrueAsync(() => one.Cache.Parts.Claims!.IsWatching && two.Cache.Parts.Claims!.IsWatching);
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var source = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = one.Cache.GetOrCreateAsync(
            "k",
            async stop =>
            {
                running.SetResult();
                return await source.Task.WaitAsync(stop);
            },
            cancellationToken: Token).AsTask();
        await running.Task.WaitAsync(Token);
        await _topic.SettleAsync(Token);
        var second = two.Cache.GetOrCreateAsync("k", static _ => ValueTask.FromResult("other"), cancellationToken: Token).AsTask();

        await Eventually.TrueAsync(() => Volatile.Read(ref _claims) == 2, what: "both pods ask who runs the factory");
        source.SetResult("v");

        Assert.Equal(["v", "v"], await Task.WhenAll(first, second));
        Assert.Single(_spans, static span => span.DisplayName == "factory web");
        var claims = _spans.Where(static span => span.DisplayName == "claim web")
            .Select(static span => (string?)span.GetTagItem("kafkacache.hybrid.claim")).ToList();
        Assert.Equal(2, claims.Count);
        Assert.Contains("held", claims);

        // A pod whose claim comes after the fill holds the next claim.
        Assert.All(claims, static claim => Assert.Contains(claim, (string?[])["held", "filled"]));
    }

    [Fact]
    public async Task A_listener_that_throws_fails_no_request_and_is_logged_once()
    {
        using var request = Request();
        var trace = _request.TraceId;
        using var throwing = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == KafkaHybridCache.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.TraceId == trace ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = span => ThrowIf(span.TraceId == trace),
            ActivityStopped = span => ThrowIf(span.TraceId == trace),
        };
        ActivitySource.AddActivityListener(throwing);
        await using var pod = await HybridPod.ReadyAsync(_topic, _clock);

        for (var i = 0; i < 3; i++)
        {
            var key = $"k{i}";
            Assert.Equal("v", await pod.Cache.GetOrCreateAsync(key, static _ => ValueTask.FromResult("v"), cancellationToken: Token));
            Assert.Same(_request, Activity.Current);
        }

        Assert.Single(pod.Log.Logger.Lines, static line => line.Id == 527);
    }

    public void Dispose()
    {
        _listener.Dispose();
        _request.Dispose();
    }

    private static void ThrowIf(bool isOurs)
    {
        if (isOurs)
            throw new InvalidOperationException("The listener throws.");
    }

    // The activity is set here, because the constructor's execution context is not that of the test.
    private Activity Request()
    {
        Activity.Current = _request;
        return _request;
    }
}
