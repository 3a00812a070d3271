using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Jobs;

/// <summary>A line of a job's log.</summary>
/// <param name="Job">The name of the job.</param>
/// <param name="Run">The ID of the run.</param>
/// <param name="Machine">The machine on which the job ran.</param>
/// <param name="Level">The level.</param>
/// <param name="At">When the line was written, by the clock of that machine.</param>
/// <param name="Text">The text.</param>
/// <param name="Exception">The exception, as text; <see langword="null"/> if there was none.</param>
public sealed record JobLogLine(
    string Job, string Run, string Machine, [property: JsonConverter(typeof(JsonStringEnumConverter<LogLevel>))] LogLevel Level,
    DateTimeOffset At, string Text, string? Exception);
