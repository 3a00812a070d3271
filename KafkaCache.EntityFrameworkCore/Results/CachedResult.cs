using System.ComponentModel;
using KafkaCaching.EntityFrameworkCore.Rows;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>The rows of all commands of a query, what invalidates them, and the objects that were made of them in this process. But for the
/// objects, an instance never changes.</summary>
/// <param name="commands">The commands in the order in which they ran.</param>
/// <param name="tags">The tags.</param>
[ImmutableObject(true)]
internal sealed class CachedResult(CachedCommand[] commands, string[] tags)
{
    private object? _objects;

    public CachedCommand[] Commands => commands;

    public string[] Tags => tags;

    /// <summary>The objects; <see langword="null"/> if there are none yet, or they can't be handed out.</summary>
    public ResultObjects<T>? ObjectsOf<T>() => Volatile.Read(ref _objects) as ResultObjects<T>;

    /// <summary>Keeps the objects that were made of the rows, or copies of them if they can be changed.</summary>
    public void Keep<T>(IReadOnlyList<T> objects, ResultCopiers copiers)
    {
        if (ResultObjects<T>.Of(objects, copiers) is { } kept)
            Volatile.Write(ref _objects, kept);
    }
}

/// <summary>A command and its rows.</summary>
/// <param name="Key">The key of the command.</param>
/// <param name="Rows">The rows that it returned.</param>
internal sealed record CachedCommand(string Key, CachedRows Rows);
