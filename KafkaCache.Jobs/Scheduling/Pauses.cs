namespace KafkaCaching.Jobs.Scheduling;

/// <summary>The pauses between attempts of which each fails: a second at first, then twice as long each time, up to half a minute. What a
/// person has to correct, such as a missing ACL, fails each time, and each time with a log line.</summary>
internal sealed class Pauses
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(30);

    private TimeSpan _next = Min;

    /// <summary>The pause after an attempt.</summary>
    /// <param name="failed">Whether the attempt has failed.</param>
    public TimeSpan After(bool failed)
    {
        var pause = failed ? _next : Min;
        _next = failed ? (pause * 2 < Max ? pause * 2 : Max) : Min;
        return pause;
    }

    /// <summary>Notes that the current attempt has come further than those that failed.</summary>
    public void Reset() => _next = Min;
}
