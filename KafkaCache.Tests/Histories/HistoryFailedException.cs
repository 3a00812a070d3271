using System.Text.RegularExpressions;

namespace KafkaCaching.Tests.Histories;

/// <summary>Thrown when a guarantee was violated in a history.</summary>
internal sealed partial class HistoryFailedException(History history, int at, Exception failure) : Exception(failure.Message, failure)
{
    public History History { get; } = history;

    /// <summary>The index of the step that failed; the number of steps if the final check failed.</summary>
    public int At { get; } = at;

    /// <summary>The message of the failure without its numbers, to recognize the same failure in a smaller history.</summary>
    public string Kind { get; } = Numbers().Replace(failure.Message, "#");

    [GeneratedRegex(@"\d+|\[.*\]|\(.*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
