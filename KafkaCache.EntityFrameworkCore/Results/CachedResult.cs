using System.ComponentModel;
using KafkaCaching.EntityFrameworkCore.Rows;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>The rows of all commands of a query, the tags that invalidate them, and the objects that were made from them in this process.
/// An instance is immutable, except for the objects.</summary>
/// <param name="id">Identifies this result among the results of all queries.</param>
/// <param name="tags">The tags.</param>
/// <param name="commands">The commands in the order in which they ran, as bytes.</param>
[ImmutableObject(true)]
internal sealed class CachedResult(Guid id, string[] tags, ReadOnlyMemory<byte> commands)
{
    private object? _objects;

    public Guid Id => id;

    public string[] Tags => tags;

    public ReadOnlyMemory<byte> Commands => commands;

    /// <summary>The objects; <see langword="null"/> if there are none yet, or they can't be shared or copied.</summary>
    public ResultObjects<T>? ObjectsOf<T>() => Volatile.Read(ref _objects) as ResultObjects<T>;

    /// <summary>Keeps the objects that were made from the rows.</summary>
    public void Keep<T>(ResultObjects<T> objects) => Volatile.Write(ref _objects, objects);
}

/// <summary>A command and its rows.</summary>
/// <param name="Key">The key of the command.</param>
/// <param name="Rows">The rows that it returned.</param>
internal sealed record CachedCommand(string Key, CachedRows Rows);
