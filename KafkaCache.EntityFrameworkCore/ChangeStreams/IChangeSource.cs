namespace KafkaCaching.EntityFrameworkCore.ChangeStreams;

/// <summary>A database's stream of committed changes, with a position that is kept outside of this process.</summary>
internal interface IChangeSource
{
    /// <summary>What is read, for log lines and metrics: a slot, or a pattern of topics.</summary>
    string Name { get; }

    /// <summary>Reads the stream from the position that was acknowledged last, until it is stopped. A position is acknowledged after the
    /// marks of everything before it are written, and never earlier.</summary>
    /// <exception cref="ChangeSourceException">The source can't be read as it is set up.</exception>
    Task RunAsync(ChangeSink sink, CancellationToken stop);
}
