using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>The copying of one result. Each object is copied only once, so that the copies refer to each other as the originals
/// do.</summary>
internal sealed class CopyRun(ResultCopiers copiers)
{
    private object? _first;
    private object? _firstCopy;
    private Dictionary<object, object>? _others;

    public bool HasFailed { get; private set; }

    public bool HasCopied => _first is not null;

    [return: NotNullIfNotNull(nameof(original))]
    public T Copy<T>(T original, bool isResult = false)
    {
        if (original is null || HasFailed)
            return original;
        if (typeof(T).IsValueType)
        {
            HasFailed = !ImmutableShapes.IsImmutable(typeof(T));
            return original;
        }

        if (ReferenceEquals(original, _first))
            return (T)_firstCopy!;
        if (_others is not null && _others.TryGetValue(original, out var known))
            return (T)known;
        if (RuntimeHelpers.TryEnsureSufficientExecutionStack())
            return (T)copiers.Of(original.GetType(), isResult).Copy(original, this);
        HasFailed = true;
        return original;
    }

    public void Add(object original, object copy)
    {
        if (_first is null)
            (_first, _firstCopy) = (original, copy);
        else
            (_others ??= new Dictionary<object, object>(ReferenceEqualityComparer.Instance)).Add(original, copy);
    }

    public void Fail() => HasFailed = true;
}
