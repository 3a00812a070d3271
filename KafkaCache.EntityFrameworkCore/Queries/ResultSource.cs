using System.Buffers;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>A query whose whole result is kept.</summary>
/// <typeparam name="TArguments">What one run of it is given.</typeparam>
/// <typeparam name="T">The type of the elements.</typeparam>
internal abstract class ResultSource<TArguments, T>
{
    /// <summary>What all runs in contexts of a model have in common, hashed.</summary>
    /// <exception cref="InvalidOperationException">The query can't be kept.</exception>
    public abstract byte[] IdentityIn(ModelQueries model, TArguments arguments);

    /// <returns>Whether the arguments can be a part of a key.</returns>
    public abstract bool TryWrite(ArrayBufferWriter<byte> target, TArguments arguments);

    /// <param name="context">The context.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="run">Answers and records the commands; <see langword="null"/> if each is cached by itself.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public abstract Task<IReadOnlyList<T>> RunAsync(
        DbContext context, TArguments arguments, ResultRun? run, CancellationToken cancellationToken);
}

/// <summary>The argument of a query that has none.</summary>
internal readonly struct NoParameter;
