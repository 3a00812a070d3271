using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Diagnostics;

/// <summary>Passes log lines on to the application's logger. If that logger throws, only the line is lost. The exception must not fault a
/// cache, prevent clients from being released, or end the process because it is unhandled on a background thread.</summary>
internal sealed class GuardedLogger : ILogger
{
    private readonly ILogger _logger;

    private GuardedLogger(ILogger logger) => _logger = logger;

    /// <param name="loggers">The application's loggers; <see langword="null"/> if it has none.</param>
    /// <param name="category">The category of the lines.</param>
    public static ILogger Of(ILoggerFactory? loggers, string category) =>
        loggers is null ? NullLogger.Instance : new GuardedLogger(loggers.CreateLogger(category));

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _logger.IsEnabled(logLevel);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            _logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Nothing is left to report this to.
        }
    }
}
