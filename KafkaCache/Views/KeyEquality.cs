using KafkaCaching.Store.Entries;

namespace KafkaCaching.Views;

/// <summary>Compares keys. Byte arrays are compared by their content, because every change and every value has its own array.</summary>
internal static class KeyEquality<TKey>
{
    public static readonly IEqualityComparer<TKey> Comparer =
        ByteComparer.Instance as IEqualityComparer<TKey> ?? EqualityComparer<TKey>.Default;
}
