namespace KafkaCaching;

/// <summary>A period during which this instance leads. It begins when the group gives the leadership to this instance. It ends permanently
/// when the group takes the leadership away, or when the instance can't know whether it still leads.</summary>
/// <remarks>A term is only this instance's view. After a pause of the process, another instance may already lead although this one has not
/// yet detected that its own term is over. Use a <see cref="FencedWriter"/> for everything that two leaders must never both write. Every
/// member may be called from any thread.</remarks>
public sealed class LeadershipTerm
{
    private readonly Func<bool> _isHeld;

    internal LeadershipTerm(string name, DateTimeOffset since, Func<bool> isHeld, CancellationToken lost) =>
        (Name, Since, _isHeld, Lost) = (name, since, isHeld, lost);

    /// <summary>The name of the leadership.</summary>
    public string Name { get; }

    /// <summary>When the term began.</summary>
    public DateTimeOffset Since { get; }

    /// <summary>Cancelled when the term is over.</summary>
    public CancellationToken Lost { get; }

    /// <summary>Whether this instance still leads, as far as it knows. It is <see langword="false"/> after the process has been paused for
    /// a whole session, even before <see cref="Lost"/> is cancelled.</summary>
    public bool IsHeld => !Lost.IsCancellationRequested && _isHeld();
}
