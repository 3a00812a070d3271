using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>Remembers the entities that cached queries have returned, for as long as they live, so that saving one of them can be
/// refused.</summary>
internal static class ReadOnlyResults
{
    private static readonly ConditionalWeakTable<object, object> Marked = [];
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Holders = [];
    private static readonly object Present = new();

    public static bool Has(object entity) => Marked.TryGetValue(entity, out _);

    /// <summary>Marks an entity and everything that can be reached from it, or the entities in a projection.</summary>
    public static void Mark(object? result, IModel model)
    {
        if (result is null or string || result.GetType().IsValueType)
            return;
        if (EntityTypeOf(result, model) is { } type)
            MarkEntity(result, type, model);
        else if (result is ICollection items)
            MarkAll(items, model);
        else
            MarkProperties(result, model);
    }

    /// <summary>Marks an entity, but nothing that can be reached from it.</summary>
    public static void MarkAlone(object entity) => Marked.TryAdd(entity, Present);

    private static void MarkEntity(object entity, IEntityType type, IModel model)
    {
        if (!Marked.TryAdd(entity, Present))
            return;
        foreach (var navigation in type.GetNavigations().Concat<INavigationBase>(type.GetSkipNavigations()))
        {
            if (navigation.PropertyInfo?.GetValue(entity) is { } there)
                MarkReached(there, navigation, model);
            else if (navigation is { PropertyInfo: null, FieldInfo: { } field } && field.GetValue(entity) is { } hidden)
                MarkReached(hidden, navigation, model);
        }
    }

    private static void MarkReached(object there, INavigationBase navigation, IModel model)
    {
        if (!navigation.IsCollection)
            Mark(there, model);
        else if (there is IEnumerable items)
            MarkAll(items, model);
    }

    private static void MarkAll(IEnumerable items, IModel model)
    {
        foreach (var item in items)
            Mark(item, model);
    }

    // A projection is an object of the program's own types. Its compiler-generated properties may hold entities. Other properties are not
    // called, because they run code of the program.
    private static void MarkProperties(object projection, IModel model)
    {
        foreach (var property in Holders.GetOrAdd(projection.GetType(), HoldersOf))
            Mark(property.GetValue(projection), model);
    }

    private static PropertyInfo[] HoldersOf(Type type) => type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true
        ? []
        : [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
                property is { CanRead: true, PropertyType.IsValueType: false } && property.PropertyType != typeof(string)
                && property.GetIndexParameters().Length == 0 && IsOfTheCompiler(type, property)),
        ];

    private static bool IsOfTheCompiler(Type type, PropertyInfo property) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || property.GetMethod!.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    // The type of a proxy is derived from the type of the entity.
    private static IEntityType? EntityTypeOf(object instance, IModel model)
    {
        for (var type = instance.GetType(); type is not null && type != typeof(object); type = type.BaseType)
        {
            if (model.FindEntityType(type) is { } entity)
                return entity;
        }

        return null;
    }
}
