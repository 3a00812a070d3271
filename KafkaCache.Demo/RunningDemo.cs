using KafkaCaching.Demo.Arguments;
using KafkaCaching.Demo.Http;
using KafkaCaching.Demo.Sample;
using KafkaCaching.Demo.Terminals;
using KafkaCaching.Demo.Topics;
using Microsoft.Extensions.Options;
using Prometheus;

namespace KafkaCaching.Demo;

/// <summary>A demo that serves: from binding the port, through the replay, until it is disposed of.</summary>
internal sealed partial class RunningDemo : IAsyncDisposable
{
    // Together with the HTTP server's own limit this stays below the 5 s within which the demo ends.
    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(2);

    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;
    private IShowcase? _showcase;
    private WebApplication? _app;

    private RunningDemo(Terminal terminal)
    {
        _loggers = TerminalLogger.CreateFactory(terminal);
        _logger = _loggers.CreateLogger("KafkaCache.Demo");
    }

    public IReadOnlyList<IKafkaCache> Caches { get; private set; } = [];

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Starts the caches and answers from then on; routes that need a cache answer 503 until it is ready.</summary>
    /// <exception cref="DemoException">It can't start; the message is for the user.</exception>
    public static async Task<RunningDemo> StartAsync(DemoArguments arguments, Terminal terminal, CollectorRegistry metrics, CancellationToken stop)
    {
        var demo = new RunningDemo(terminal);
        try
        {
            await demo.StartAsync(arguments, metrics, stop);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    public void WriteWelcome(Terminal terminal)
    {
        terminal.WriteLine("");
        terminal.WriteLine($"Serving on {Address.GetLeftPart(UriPartial.Authority)} until Ctrl-C. The caches, live: {new Uri(Address, HttpService.StatusPage)}. Try:");
        foreach (var command in _showcase?.CommandsToTry(Address) ?? [])
            terminal.WriteLine($"  {command}");
    }

    /// <summary>Stops from the outside in: no new requests, then the puts are settled, and the brokers go last.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync();
            await EndCachesAsync(_app);
        }

        if (_showcase is not null)
            await _showcase.DisposeAsync();
        _loggers.Dispose();
    }

    // The container ends one cache after the other, each with a few seconds for its puts.
    private async Task EndCachesAsync(WebApplication app)
    {
        var ending = app.DisposeAsync().AsTask();
        if (await Task.WhenAny(ending, Task.Delay(EndTimeout)) == ending)
            await ending;
        else
            LogNotSettled();
    }

    private async Task StartAsync(DemoArguments arguments, CollectorRegistry metrics, CancellationToken stop)
    {
        _showcase = arguments.Topics is { } topics
            ? await TopicShowcase.StartAsync(topics, _logger, stop)
            : await SampleShowcase.StartAsync(stop);
        _app = HttpService.Build(arguments, _loggers, _showcase, metrics);
        try
        {
            Caches = _showcase.Caches(_app.Services);
        }
        catch (OptionsValidationException exception)
        {
            throw new DemoException(exception.Message, DemoException.BadArguments);
        }

        HttpService.Configure(_app, _showcase, Caches, metrics);
        Address = await HttpService.ListenAsync(_app, arguments, stop);
    }

    [LoggerMessage(1, LogLevel.Warning, "Not every put was settled before the demo ended.")]
    private partial void LogNotSettled();
}
