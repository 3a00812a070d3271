using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs;

/// <summary>Selects the lines of a job's log to read.</summary>
/// <param name="Job">The name of the job.</param>
public sealed record JobLogQuery(string Job)
{
    /// <summary>The ID of the run. Default: <see langword="null"/>, which means all runs.</summary>
    public string? Run { get; init; }

    /// <summary>The machine. Default: <see langword="null"/>, which means all machines.</summary>
    public string? Machine { get; init; }

    /// <summary>The lowest level. Default: <see cref="LogLevel.Trace"/>, which means all levels.</summary>
    public LogLevel MinLevel { get; init; } = LogLevel.Trace;

    /// <summary>The maximum number of lines. If there are more, the latest are read. Range: from 1. Default: 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaxLines
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    }

    = 1_000;
}
