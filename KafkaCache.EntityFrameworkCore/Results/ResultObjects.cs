namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>The objects of a result, from which each caller gets its own copies. Callers get the objects themselves only if these are
/// immutable.</summary>
internal sealed class ResultObjects<T>
{
    private readonly T[] _own;
    private readonly IReadOnlyList<T>? _shared;
    private readonly ResultCopiers _copiers;

    private ResultObjects(T[] own, bool isShared, ResultCopiers copiers) =>
        (_own, _shared, _copiers) = (own, isShared ? Array.AsReadOnly(own) : null, copiers);

    /// <returns>The objects; <see langword="null"/> if they are mutable and can't be copied.</returns>
    public static ResultObjects<T>? Of(IReadOnlyList<T> objects, ResultCopiers copiers)
    {
        T[] all = [.. objects];
        return copiers.TryCopy(all, out var copy, out var isSame) ? new ResultObjects<T>(isSame ? all : copy, isSame, copiers) : null;
    }

    /// <summary>Whether the objects were made by contexts of the model of these copiers. Another model may convert the same rows to other
    /// objects.</summary>
    public bool AreOf(ResultCopiers copiers) => ReferenceEquals(_copiers, copiers);

    public IReadOnlyList<T> All(ResultCopiers copiers) => _shared ?? Array.AsReadOnly(copiers.Copy(_own));

    public T? First(ResultCopiers copiers) => _own.Length == 0 ? default : _shared is null ? copiers.Copy(_own[0]) : _own[0];
}
