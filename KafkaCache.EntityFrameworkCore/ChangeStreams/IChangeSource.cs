namespace KafkaCaching.EntityFrameworkCore;

/// <summary>A database's stream of committed changes, with a position that is kept outside of this process. Implement it to invalidate by
/// a log that no package reads, and add it by <c>InvalidateFrom</c>.</summary>
public interface IChangeSource
{
    /// <summary>What is read, for log lines, metrics and the election: a slot, or a pattern of topics. It is the same in all instances, and
    /// no other source of the cache has it.</summary>
    string Name { get; }

    /// <summary>Reads the stream from the position that was acknowledged last, until it is stopped. A position is acknowledged after
    /// <see cref="ChangeSink.WriteAsync"/> has ended for everything before it, and never earlier. Where changes may have been missed, as
    /// without a position, <see cref="ChangeSink.ClearAsync"/> comes first.</summary>
    /// <param name="sink">Where the changes are written.</param>
    /// <param name="stop">Ends the read: another instance is elected, or the host stops.</param>
    /// <returns>A task that ends when the read does. If it ends or fails while this instance is the elected one, the relay calls this
    /// method again after a second.</returns>
    /// <exception cref="ChangeSourceException">The source can't be read as it is set up.</exception>
    Task RunAsync(ChangeSink sink, CancellationToken stop);
}
