using Confluent.Kafka;
using KafkaCaching.Diagnostics;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Clients;

/// <summary>Logs the messages that a cache's Kafka clients pass to their log handlers and error handlers. The clients repeat their messages
/// while a broker is down. Therefore, the first message of a kind is logged at once, repeats within a time window are only counted, and the
/// count is logged when the window has passed.</summary>
/// <remarks>The clients call the handlers on their own threads, possibly on several at once, and the handlers never throw there.</remarks>
internal sealed class ClientLog : IDisposable
{
    // A generous limit: before their cache starts, clients log only a line or two about their settings.
    private const int MaxHeld = 64;

    private readonly Lock _gate = new();
    private readonly string _client;
    private readonly RepeatFolder _repeats;
    private List<(LogLevel Level, string Text)>? _held;
    private volatile ILogger? _logger;
    private volatile string? _lastProblem;

    public ClientLog(ILogger logger, TimeProvider timeProvider, string clientName)
        : this(timeProvider, clientName) => _logger = logger;

    /// <summary>Creates a log that holds its lines until <see cref="LogTo"/> is called. It is used for clients that are created to check
    /// their settings and may never be used otherwise.</summary>
    public ClientLog(TimeProvider timeProvider, string clientName)
    {
        _client = clientName;
        _repeats = new RepeatFolder(timeProvider, Report);
    }

    /// <summary>The problem that the client has reported most recently, for example <c>localhost:9092/bootstrap: Connect to
    /// ipv4#127.0.0.1:9092 failed: Connection refused</c>; <see langword="null"/> if there is none or the client has recovered.</summary>
    public string? LastProblem => _lastProblem;

    /// <summary>Sets the logger. The lines held so far are logged first.</summary>
    public void LogTo(ILogger logger)
    {
        List<(LogLevel Level, string Text)>? held;
        lock (_gate)
        {
            _logger = logger;
            (held, _held) = (_held, null);
        }

        foreach (var (level, text) in held ?? [])
            Guard(() => Log.KafkaClient(logger, level, _client, text));
    }

    /// <summary>The client's log handler.</summary>
    public void OnLog(LogMessage message) => Guard(() =>
    {
        var text = ClientLogText.Plain(message.Message);
        if (ClientLogText.IsProblem(message))
            _lastProblem = text;
        Take(ClientLogText.LevelOf(message), text);
    });

    /// <summary>The client's error handler.</summary>
    public void OnError(Error error) => Guard(() =>
    {
        var text = ClientLogText.Plain(error.Reason);

        // "All brokers are down" is less specific than the problem reported before it. The consumer never joins its group, so a missing
        // authorization for the group is not a problem.
        var isGeneral = error.Code == ErrorCode.Local_AllBrokersDown && _lastProblem is not null;
        if (!isGeneral && error.Code != ErrorCode.GroupAuthorizationFailed)
            _lastProblem = text;
        Take(isGeneral ? LogLevel.Debug : ClientLogText.LevelOf(error), text);
    });

    /// <summary>Forgets <see cref="LastProblem"/>, because the brokers answer again.</summary>
    public void OnRecovered() => _lastProblem = null;

    /// <summary>Reports the repeats counted so far. Later repeats are still counted, but no longer reported.</summary>
    public void Dispose() => _repeats.Dispose();

    private void Take(LogLevel level, string text)
    {
        if (!_repeats.IsFirst(ClientLogText.KindOf(text), level, text))
            return;
        if (_logger is null && IsHeld(level, text))
            return;
        Log.KafkaClient(_logger!, level, _client, text);
    }

    private bool IsHeld(LogLevel level, string text)
    {
        lock (_gate)
        {
            if (_logger is not null)
                return false;
            _held ??= [];
            if (_held.Count < MaxHeld)
                _held.Add((level, text));
            return true;
        }
    }

    private static void Guard(Action handle)
    {
        try
        {
            handle();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The logger threw, or a regular expression took too long. Nothing is left to report this to, and an exception must not unwind
            // a native thread.
        }
    }

    private void Report(LogLevel level, string text, int repeats)
    {
        if (_logger is { } logger)
            Log.KafkaClientRepeats(logger, level, _client, repeats, (int)RepeatFolder.Window.TotalSeconds, text);
    }
}
