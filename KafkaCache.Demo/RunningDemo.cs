using System.Diagnostics.Metrics;
using KafkaCaching.Demo.Arguments;
using KafkaCaching.Demo.Http;
using KafkaCaching.Demo.Sample;
using KafkaCaching.Demo.Terminals;
using KafkaCaching.Demo.Topics;

namespace KafkaCaching.Demo;

/// <summary>A demo that serves: from binding the port, through the replay, until it is disposed of.</summary>
internal sealed class RunningDemo : IAsyncDisposable
{
    private readonly ILoggerFactory _loggers;
    private readonly WebApplication _app;
    private IShowcase? _showcase;

    private RunningDemo(DemoArguments arguments, Terminal terminal)
    {
        _loggers = TerminalLogger.CreateFactory(terminal);
        _app = HttpService.Build(arguments, _loggers);
    }

    public IReadOnlyList<ServedCache> Caches => _showcase?.Caches ?? [];

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    /// <summary>Starts the caches and answers from then on; routes that need a cache answer 503 until it is ready.</summary>
    /// <exception cref="DemoException">It can't start; the message is for the user.</exception>
    public static async Task<RunningDemo> StartAsync(DemoArguments arguments, Terminal terminal, CancellationToken stop)
    {
        var demo = new RunningDemo(arguments, terminal);
        try
        {
            var showcase = await demo.StartShowcaseAsync(arguments, stop);
            demo._showcase = showcase;
            HttpService.Configure(demo._app, showcase);
            demo.Address = await HttpService.ListenAsync(demo._app, arguments, stop);
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
        terminal.WriteLine($"Serving on {Address.GetLeftPart(UriPartial.Authority)} until Ctrl-C. Try:");
        foreach (var command in _showcase?.CommandsToTry(Address) ?? [])
            terminal.WriteLine($"  {command}");
    }

    /// <summary>Stops from the outside in: no new requests, then the puts are settled, and the brokers go last.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        if (_showcase is not null)
            await _showcase.DisposeAsync();
        await _app.DisposeAsync();
        _loggers.Dispose();
    }

    private async Task<IShowcase> StartShowcaseAsync(DemoArguments arguments, CancellationToken stop)
    {
        var meters = _app.Services.GetRequiredService<IMeterFactory>();
        return arguments.Topics is { } topics
            ? await TopicShowcase.StartAsync(topics, _loggers, meters, stop)
            : await SampleShowcase.StartAsync(_loggers, meters, stop);
    }
}
