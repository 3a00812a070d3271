using KafkaCaching.Snapshots;
using KafkaCaching.Snapshots.Format;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Snapshots.Format;
using KafkaCaching.Tests.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace KafkaCaching.Tests.AspNetCore.Snapshots;

/// <summary>Fetching a snapshot with a given HTTP client, and from another sibling if the first one fails.</summary>
public sealed class SiblingFetchTests : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly SnapshotOptions _options = new();
    private readonly LoadProgress _progress = new();
    private byte[] _snapshot = [];
    private WebApplication? _host;

    public async ValueTask DisposeAsync()
    {
        if (_host is not null)
            await _host.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task Sibling_that_falls_silent_in_the_middle_is_given_up()
    {
        _options.From = await ListenAsync("/stuck");
        var fetching = Task.Run(Fetch, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => _progress.Steps > 1, what: "the first piece has come");
        await Eventually.TrueAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromSeconds(10));
                return fetching.IsCompleted;
            },
            what: "the sibling is given up");

        var (isFetched, problem) = await fetching;
        Assert.False(isFetched);
        Assert.Contains("has sent less than 10 MB in 10 s", problem, StringComparison.Ordinal);
        Assert.False(_progress.IsFetching);
    }

    [Fact]
    public void Sibling_that_sends_a_byte_now_and_then_is_given_up()
    {
        var trickle = new Trickle(_time);
        _options.From = "http://sibling/users";
        _options.CreateHttpClient = () => new HttpClient(new Answering(() => Content(trickle)));
        var (isFetched, problem) = Fetch();
        Assert.False(isFetched);
        Assert.Contains("has sent less than 10 MB in 10 s", problem, StringComparison.Ordinal);
        Assert.Equal(2, trickle.Reads);

        static HttpResponseMessage Content(Stream stream) =>
            new() { Content = new StreamContent(stream) { Headers = { ContentLength = 1_000 } } };
    }

    [Fact]
    public void Client_that_fails_in_a_way_of_its_own_is_the_failure_of_one_sibling()
    {
        _options.From = "http://one/users, http://other/users";
        _options.CreateHttpClient = () => new HttpClient(new Answering(static () => throw new InvalidOperationException("No token.")));
        var (isFetched, problem) = Fetch();
        Assert.False(isFetched);
        Assert.Contains("No token.", problem, StringComparison.Ordinal);
        Assert.Equal(2, _progress.Steps);

        _options.CreateHttpClient = static () => throw new InvalidOperationException("No client.");
        (isFetched, problem) = Fetch();
        Assert.False(isFetched);
        Assert.Contains("No client.", problem, StringComparison.Ordinal);
        Assert.False(_progress.IsFetching);
    }

    [Fact]
    public void Each_sibling_has_its_own_time_before_the_load_is_given_up()
    {
        _options.From = "http://127.0.0.1:1/a, http://127.0.0.1:1/b";
        Assert.False(Fetch().IsFetched);
        Assert.Equal(2, _progress.Steps);
    }

    [Fact]
    public async Task Client_whose_handlers_only_know_asynchronous_calls_sends_what_they_add()
    {
        _options.From = await ListenAsync("/closed");
        _options.CreateHttpClient = static () => new HttpClient(new Credentials { InnerHandler = new HttpClientHandler() });
        Assert.Equal((true, ""), Fetch());
        SnapshotReader.Open(Files.Current).Dispose();
    }

    [Fact]
    public async Task File_that_is_there_counts_to_the_most_bytes_of_both()
    {
        _options.From = await ListenAsync("/open");
        await File.WriteAllBytesAsync(Files.Current, new byte[100], TestContext.Current.CancellationToken);
        var (isFetched, problem) = Fetch(_snapshot.Length + 99);
        Assert.False(isFetched);
        Assert.Contains("Snapshot.MaxBytes", problem, StringComparison.Ordinal);
        Assert.True(Fetch(_snapshot.Length + 100).IsFetched);
    }

    private SnapshotFiles Files => new(_directory.Path, "users");

    private (bool IsFetched, string Problem) Fetch() => Fetch(long.MaxValue);

    private (bool IsFetched, string Problem) Fetch(long maxBytes)
    {
        var settings = new SnapshotSettings(Files, _options, maxBytes, SnapshotFileTesting.Fingerprint, "users", _time);
        var isFetched = SiblingSnapshots.Fetch(settings, _progress, out var problem);
        return (isFetched, isFetched ? "" : problem);
    }

    private async Task<string> ListenAsync(string path)
    {
        var file = Path.Combine(_directory.Path, "sibling");
        using (var store = SampleStore.Of(new Random(unchecked((int)TestSeed.Next()))))
            SnapshotFileTesting.Write(file, store, SampleStore.Positions);
        _snapshot = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _host = builder.Build();
        _host.MapGet("/open", () => Results.Bytes(_snapshot));
        _host.MapGet("/closed", (HttpContext context) =>
            context.Request.Headers.Authorization == "Bearer of-the-tests" ? Results.Bytes(_snapshot) : Results.Unauthorized());
        _host.MapGet("/stuck", async context =>
        {
            context.Response.ContentLength = _snapshot.Length;
            await context.Response.Body.WriteAsync(_snapshot.AsMemory(0, _snapshot.Length / 2), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await _host.StartAsync(TestContext.Current.CancellationToken);
        return _host.Urls.Single() + path;
    }

    private sealed class Answering(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(answer());
    }

    /// <summary>A stream that takes nine seconds for each byte.</summary>
    private sealed class Trickle(FakeTimeProvider time) : MemoryStream(new byte[1_000])
    {
        public int Reads { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reads++;
            time.Advance(TimeSpan.FromSeconds(9));
            cancellationToken.ThrowIfCancellationRequested();
            return await base.ReadAsync(buffer[..1], cancellationToken);
        }
    }

    private sealed class Credentials : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = new("Bearer", "of-the-tests");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
