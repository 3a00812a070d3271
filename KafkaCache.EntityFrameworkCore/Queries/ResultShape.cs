using System.Collections;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>How the result of a query is returned: as a value, as a task, or as a sequence.</summary>
internal abstract class ResultShape<TResult>
{
    public static readonly ResultShape<TResult> Instance = Create();

    /// <summary>The type of the elements.</summary>
    public abstract Type Element { get; }

    /// <summary>Wraps the result so that the scope belongs to the run whenever the commands of the result are executed.</summary>
    public abstract TResult Hold(TResult result, CachedRun run);

    private static ResultShape<TResult> Create()
    {
        var definition = typeof(TResult).IsGenericType ? typeof(TResult).GetGenericTypeDefinition() : null;
        var shape = definition == typeof(IEnumerable<>) ? typeof(EnumerableShape<>)
            : definition == typeof(IAsyncEnumerable<>) ? typeof(AsyncEnumerableShape<>)
            : definition == typeof(Task<>) ? typeof(TaskShape<>)
            : null;
        return shape is null
            ? new ValueShape<TResult>()
            : (ResultShape<TResult>)Activator.CreateInstance(shape.MakeGenericType(typeof(TResult).GenericTypeArguments))!;
    }
}

/// <summary>One element, or the result that Entity Framework requests in order to show the SQL.</summary>
internal sealed class ValueShape<T> : ResultShape<T>
{
    public override Type Element => typeof(T);

    public override T Hold(T result, CachedRun run)
    {
        run.Leave();
        return typeof(T) == typeof(IEnumerable) ? result : run.Mark(result);
    }
}

/// <summary>One element, returned by a task.</summary>
internal sealed class TaskShape<T> : ResultShape<Task<T>>
{
    public override Type Element => typeof(T);

    public override async Task<T> Hold(Task<T> result, CachedRun run)
    {
        try
        {
            return run.Mark(await result.ConfigureAwait(false));
        }
        finally
        {
            run.Leave();
        }
    }
}

/// <summary>Elements that are enumerated synchronously.</summary>
internal sealed class EnumerableShape<T> : ResultShape<IEnumerable<T>>
{
    public override Type Element => typeof(T);

    public override IEnumerable<T> Hold(IEnumerable<T> result, CachedRun run)
    {
        run.Leave();
        return Enumerate(result, run);
    }

    private static IEnumerable<T> Enumerate(IEnumerable<T> result, CachedRun run)
    {
        using var elements = result.GetEnumerator();
        while (Next(elements, run))
            yield return run.Mark(elements.Current);
    }

    private static bool Next(IEnumerator<T> elements, CachedRun run)
    {
        run.Enter();
        try
        {
            return elements.MoveNext();
        }
        finally
        {
            run.Leave();
        }
    }
}

/// <summary>Elements that are enumerated asynchronously.</summary>
internal sealed class AsyncEnumerableShape<T> : ResultShape<IAsyncEnumerable<T>>
{
    public override Type Element => typeof(T);

    public override IAsyncEnumerable<T> Hold(IAsyncEnumerable<T> result, CachedRun run)
    {
        run.Leave();
        return EnumerateAsync(result, run);
    }

    private static async IAsyncEnumerable<T> EnumerateAsync(
        IAsyncEnumerable<T> result, CachedRun run,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var elements = result.GetAsyncEnumerator(cancellationToken);
        await using (elements.ConfigureAwait(false))
        {
            while (await NextAsync(elements, run).ConfigureAwait(false))
                yield return run.Mark(elements.Current);
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<T> elements, CachedRun run)
    {
        run.Enter();
        try
        {
            return await elements.MoveNextAsync().ConfigureAwait(false);
        }
        finally
        {
            run.Leave();
        }
    }
}
