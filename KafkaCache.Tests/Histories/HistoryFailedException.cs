namespace KafkaCaching.Tests.Histories;

/// <summary>A history in which a promise was broken.</summary>
internal sealed class HistoryFailedException(History history, int at, Exception failure) : Exception(failure.Message, failure)
{
    public History History { get; } = history;

    /// <summary>The step under way; the number of steps for the rest at the end.</summary>
    public int At { get; } = at;
}
