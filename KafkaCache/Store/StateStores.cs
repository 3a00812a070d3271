namespace KafkaCaching.Store;

internal static class StateStores
{
    public const int MaxEntryBytes = 1 << 20;
    public static IStateStore Create(StoreSettings settings) => throw new NotSupportedException(settings.ToString());
}
