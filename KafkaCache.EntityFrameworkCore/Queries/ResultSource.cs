using System.Buffers;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>A query whose whole result is cached.</summary>
/// <typeparam name="TArguments">The type of the arguments of one run.</typeparam>
/// <typeparam name="T">The type of the elements.</typeparam>
internal abstract class ResultSource<TArguments, T>
{
    /// <summary>The name of the query in metrics.</summary>
    public abstract string Name { get; }

    /// <summary>The hash of the part of the key that is the same for all runs in contexts of a model.</summary>
    /// <exception cref="InvalidOperationException">The query can't be cached.</exception>
    public abstract byte[] IdentityIn(ModelQueries model, TArguments arguments);

    /// <returns>Whether the arguments can be a part of a key.</returns>
    public abstract bool TryWrite(ArrayBufferWriter<byte> target, TArguments arguments);

    /// <param name="context">The context.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="run">The run that answers and records the commands; <see langword="null"/> if each command is cached
    /// separately.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public abstract Task<IReadOnlyList<T>> RunAsync(
        DbContext context, TArguments arguments, ResultRun? run, CancellationToken cancellationToken);
}

/// <summary>The argument of a query that has none.</summary>
internal readonly struct NoParameter;
