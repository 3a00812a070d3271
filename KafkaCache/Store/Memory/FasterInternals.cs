using System.Reflection;
using FASTER.core;

namespace KafkaCaching.Store.Memory;

/// <summary>Internal parts of FASTER 2.6.5: the memory of its index, with the buckets that continue others, the pages of its log, and its
/// pool of returned pages. If another build keeps a part elsewhere, the result is <see langword="null"/>. The store then works the
/// same without it, only slower and without captures.</summary>
internal static class FasterInternals
{
    private const BindingFlags OfInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The buckets of the index, a pinned array. FASTER has two tables, which take turns when the index grows.</summary>
    public static Array? IndexOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "resizeInfo") is { } turn && Field(turn, "version") is int inUse
        && Field(faster, "state") is Array tables && tables.GetValue(inUse) is { } table
            ? Field(table, "tableRaw") as Array
            : null;

    /// <summary>The pool in which FASTER looks for a page before it creates one.</summary>
    public static PagePool? PoolOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "hlog") is { } log && Field(log, "overflowPagePool") is { } pool ? PagePool.Of(pool) : null;

    /// <summary>The buckets that continue others.</summary>
    public static OverflowBuckets? OverflowBucketsOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "overflowBucketsAllocator") is { } allocator
        && Method<Func<long, long>>(allocator, "GetPhysicalAddress") is { } at && Method<Func<long>>(allocator, "Allocate") is { } allocate
            ? new OverflowBuckets(at, allocate)
            : null;

    /// <summary>The memory of the log, to be filled without FASTER.</summary>
    public static LogMemory? LogMemoryOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "hlog") is { } log && Field(log, "values") is byte[]?[] pages && Field(log, "pointers") is long[] pointers
        && log.GetType().GetField("AllocatedPageCount", OfInstance) is { } count && count.FieldType == typeof(int)
        && Method<Action<long, long, long, long>>(log, "RecoveryReset") is { } reset
            ? new LogMemory(pages, pointers, allocated => count.SetValue(log, allocated), reset)
            : null;

    /// <summary>The pages of the log by their index in FASTER's buffer, or <see langword="null"/> if they can't be found.</summary>
    public static byte[]?[]? PagesOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "hlog") is { } log ? Field(log, "values") as byte[]?[] : null;

    private static T? Method<T>(object of, string name)
        where T : Delegate
    {
        var signature = typeof(T).GetMethod("Invoke")!;
        var parameters = Array.ConvertAll(signature.GetParameters(), static parameter => parameter.ParameterType);
        return of.GetType().GetMethod(name, OfInstance, parameters) is { } method && method.ReturnType == signature.ReturnType
            ? method.CreateDelegate<T>(of)
            : null;
    }

    private static object? Field(object of, string name)
    {
        for (var type = of.GetType(); type is not null; type = type.BaseType)
        {
            if (type.GetField(name, OfInstance | BindingFlags.DeclaredOnly) is { } field)
                return field.GetValue(of);
        }

        return null;
    }

    /// <param name="At">Returns a bucket's place in memory for its address in FASTER's allocator.</param>
    /// <param name="Allocate">Returns the address of a new bucket of zeros.</param>
    internal sealed record OverflowBuckets(Func<long, long> At, Func<long> Allocate);

    /// <param name="Pages">The pages by their index in FASTER's buffer.</param>
    /// <param name="Pointers">Where each page begins in its array.</param>
    /// <param name="SetAllocated">Tells FASTER how many pages there are.</param>
    /// <param name="Reset">Sets the addresses of the log's tail, head, beginning and of the end of its read-only part.</param>
    internal sealed record LogMemory(
        byte[]?[] Pages, long[] Pointers, Action<int> SetAllocated, Action<long, long, long, long> Reset);

    /// <summary>FASTER's <c>OverflowPool&lt;PageUnit&gt;</c>. Safe to use from any thread.</summary>
    internal sealed class PagePool
    {
        private readonly Func<int> _count;
        private readonly Func<byte[], long, bool> _tryAdd;

        private PagePool(Func<int> count, Func<byte[], long, bool> tryAdd)
        {
            _count = count;
            _tryAdd = tryAdd;
        }

        public int Count => _count();

        public static PagePool? Of(object pool)
        {
            var type = pool.GetType();
            if (type.GetProperty("Count")?.GetMethod is not { } count || type.GetMethod("TryAdd") is not { } tryAdd)
                return null;
            var unit = tryAdd.GetParameters()[0].ParameterType;
            if (unit.GetField("value") is not { } value || unit.GetField("pointer") is not { } pointer)
                return null;
            return new PagePool(count.CreateDelegate<Func<int>>(pool), (page, start) =>
            {
                var added = Activator.CreateInstance(unit)!;
                value.SetValue(added, page);
                pointer.SetValue(added, start);
                return (bool)tryAdd.Invoke(pool, [added])!;
            });
        }

        /// <summary>Adds a page. Returns false if the pool is full and does not need it.</summary>
        public bool TryAdd(byte[] page, long start) => _tryAdd(page, start);
    }
}
