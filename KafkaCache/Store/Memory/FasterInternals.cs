using System.Reflection;
using FASTER.core;

namespace KafkaCaching.Store.Memory;

/// <summary>Accesses internal parts of FASTER 2.6.5: the memory of its index, the overflow buckets, the pages of its log, and its pool of
/// free pages. If a part is not found in another version, the result is <see langword="null"/>. The store then works without it, but is
/// slower and supports no captures.</summary>
internal static class FasterInternals
{
    private const BindingFlags OfInstance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>Returns the buckets of the index, a pinned array. FASTER has two tables, between which it alternates when the index
    /// grows.</summary>
    public static Array? IndexOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "resizeInfo") is { } turn && Field(turn, "version") is int inUse
        && Field(faster, "state") is Array tables && tables.GetValue(inUse) is { } table
            ? Field(table, "tableRaw") as Array
            : null;

    /// <summary>Returns the pool from which FASTER takes a page before it allocates one.</summary>
    public static PagePool? PoolOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "hlog") is { } log && Field(log, "overflowPagePool") is { } pool ? PagePool.Of(pool) : null;

    public static OverflowBuckets? OverflowBucketsOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "overflowBucketsAllocator") is { } allocator
        && Method<Func<long, long>>(allocator, "GetPhysicalAddress") is { } at && Method<Func<long>>(allocator, "Allocate") is { } allocate
            ? new OverflowBuckets(at, allocate)
            : null;

    /// <summary>Returns the memory of the log, to be filled without FASTER.</summary>
    public static LogMemory? LogMemoryOf(FasterKV<SpanByte, SpanByte> faster) =>
        Field(faster, "hlog") is { } log && Field(log, "values") is byte[]?[] pages && Field(log, "pointers") is long[] pointers
        && log.GetType().GetField("AllocatedPageCount", OfInstance) is { } count && count.FieldType == typeof(int)
        && Method<Action<long, long, long, long>>(log, "RecoveryReset") is { } reset
            ? new LogMemory(pages, pointers, allocated => count.SetValue(log, allocated), reset)
            : null;

    /// <summary>Returns the pages of the log by their index in FASTER's buffer.</summary>
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

    /// <param name="At">Returns the memory address of a bucket for its address in FASTER's allocator.</param>
    /// <param name="Allocate">Allocates a bucket filled with zeros, and returns its address in FASTER's allocator.</param>
    internal sealed record OverflowBuckets(Func<long, long> At, Func<long> Allocate);

    /// <param name="Pages">The pages by their index in FASTER's buffer.</param>
    /// <param name="Pointers">The memory address at which each page begins.</param>
    /// <param name="SetAllocated">Sets the number of allocated pages.</param>
    /// <param name="Reset">Sets the addresses of the log's tail, its head, its beginning, and the end of its read-only region.</param>
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

        /// <summary>Adds a page. Returns false if the pool is full.</summary>
        public bool TryAdd(byte[] page, long start) => _tryAdd(page, start);
    }
}
