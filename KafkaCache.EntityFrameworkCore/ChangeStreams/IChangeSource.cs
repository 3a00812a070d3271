namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A database's stream of committed changes, with a position that is kept outside this process. Implement it to invalidate from a
/// log that no package supports, and register it with <c>InvalidateFrom</c>.</summary>
public interface IChangeSource
{
    /// <summary>The name of the stream in log lines, in metrics and in the election, such as the name of a slot or a pattern of topics. It
    /// must be the same in all instances, and unique among the sources of the cache.</summary>
    string Name { get; }

    /// <summary>Reads the stream from the last acknowledged position until it is stopped. A position must not be acknowledged before
    /// <see cref="ChangeSink.WriteAsync"/> has completed for all changes before that position. If changes may have been missed, for example
    /// because there is no position, call <see cref="ChangeSink.ClearAsync"/> first.</summary>
    /// <param name="sink">Receives the changes.</param>
    /// <param name="stop">Ends the read, because another instance is elected or the host stops.</param>
    /// <returns>A task that completes when the read ends. If the read ends or fails while this instance is elected, the method is called
    /// again after a second.</returns>
    /// <exception cref="ChangeSourceException">The source can't be read with its current setup.</exception>
    Task RunAsync(ChangeSink sink, CancellationToken stop);
}
