using System.Globalization;

namespace KafkaCaching.Demo.Terminals;

/// <summary>Log messages as one readable line each.</summary>
internal sealed class TerminalLogger(Terminal terminal, string category, TimeProvider time) : ILogger
{
    /// <summary>Warnings of everything, and what the library says of itself.</summary>
    public static ILoggerFactory CreateFactory(Terminal terminal) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("Microsoft.Extensions.Hosting", LogLevel.None) // what the host logs of its start it also throws, and that is told once
        .AddFilter("KafkaCach", LogLevel.Information)
        .AddProvider(new Provider(terminal)));

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var message = formatter(state, exception);
        if (exception is not null)
            message = $"{message} {exception.GetType().Name}: {OneLine.Of(exception)}";
        var line = string.Create(CultureInfo.InvariantCulture, $"{time.GetLocalNow():HH:mm:ss} {Name(logLevel)} {message}");
        terminal.WriteLine(OneLine.Of(category.StartsWith("KafkaCach", StringComparison.Ordinal) ? line : $"{line} [{category}]"));
    }

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Information => "info ",
        LogLevel.Warning => "warn ",
        LogLevel.Error => "error",
        LogLevel.Critical => "fatal",
        _ => "debug",
    };

    private sealed class Provider(Terminal terminal) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new TerminalLogger(terminal, categoryName, TimeProvider.System);

        public void Dispose()
        {
        }
    }
}
