using System.Text.RegularExpressions;

namespace KafkaCaching.Tests.Histories;

/// <summary>A history in which a promise was broken.</summary>
internal sealed partial class HistoryFailedException(History history, int at, Exception failure) : Exception(failure.Message, failure)
{
    public History History { get; } = history;

    /// <summary>The step under way; the number of steps for the rest at the end.</summary>
    public int At { get; } = at;

    /// <summary>What failed, whatever the numbers: so that a smaller history is known to fail in the same way.</summary>
    public string Kind { get; } = Numbers().Replace(failure.Message, "#");

    [GeneratedRegex(@"\d+|\[.*\]|\(.*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Numbers();
}
