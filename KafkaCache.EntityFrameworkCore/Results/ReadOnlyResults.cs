using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Results;

/// <summary>Keeps weak references to the entities that cached queries have returned, so that saving one of them can be refused.</summary>
internal static class ReadOnlyResults
{
    private static readonly ConditionalWeakTable<object, object> Marked = [];
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Holders = [];
    private static readonly object Present = new();

    public static bool Has(object entity) => Marked.TryGetValue(entity, out _);

    /// <summary>Marks an entity and everything that can be reached from it, or the entities in a projection.</summary>
    public static void Mark(object? result, IModel model)
    {
        // Entities may form a chain of any length, so the traversal uses its own stack in place of recursion.
        var reached = new Stack<object>();
        Reach(result, reached);
        while (reached.TryPop(out var one))
        {
            if (one.GetType().IsValueType)
                ReachFields(one, reached);
            else if (EntityTypeOf(one, model) is { } type)
                MarkEntity(one, type, reached);
            else if (one is IEnumerable items && (one is ICollection || IsOfTheSystem(one.GetType())))
                ReachAll(items, reached);
            else
                ReachProperties(one, reached);
        }
    }

    /// <summary>Marks an entity, but nothing that can be reached from it.</summary>
    public static void MarkAlone(object entity) => Marked.TryAdd(entity, Present);

    private static void Reach(object? there, Stack<object> reached)
    {
        if (there is not null && !CanHoldNoEntity(there.GetType()))
            reached.Push(there);
    }

    private static bool CanHoldNoEntity(Type type) =>
        type == typeof(string) || (type.IsValueType && ImmutableShapes.IsImmutable(type));

    private static void ReachFields(object value, Stack<object> reached)
    {
        foreach (var field in ImmutableShapes.FieldsOf(value.GetType()))
            Reach(field.GetValue(value), reached);
    }

    private static void ReachAll(IEnumerable items, Stack<object> reached)
    {
        foreach (var item in items)
            Reach(item, reached);
    }

    // Reading a navigation property may load it from the database, so its backing field is read if there is one.
    private static void MarkEntity(object entity, IEntityType type, Stack<object> reached)
    {
        if (!Marked.TryAdd(entity, Present))
            return;
        foreach (var navigation in type.GetNavigations().Concat<INavigationBase>(type.GetSkipNavigations()))
        {
            var there = navigation.FieldInfo is { } field ? field.GetValue(entity) : navigation.PropertyInfo?.GetValue(entity);
            if (!navigation.IsCollection)
                Reach(there, reached);
            else if (there is IEnumerable items)
                ReachAll(items, reached);
        }
    }

    // A projection is an object of one of the program's types, and its auto-properties may hold entities. Other properties are not read,
    // because they run the program's code.
    private static void ReachProperties(object projection, Stack<object> reached)
    {
        var holders = Holders.GetOrAdd(projection.GetType(), HoldersOf);
        if (holders.Length == 0 || !Marked.TryAdd(projection, Present))
            return;
        foreach (var property in holders)
            Reach(property.GetValue(projection), reached);
    }

    private static bool IsOfTheSystem(Type type) => type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true;

    private static PropertyInfo[] HoldersOf(Type type) => IsOfTheSystem(type)
        ? []
        : [
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property =>
                property.CanRead && !CanHoldNoEntity(property.PropertyType) && property.GetIndexParameters().Length == 0
                && IsCompilerGenerated(type, property)),
        ];

    private static bool IsCompilerGenerated(Type type, PropertyInfo property) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
        || property.GetMethod!.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false);

    // A proxy's type is derived from the entity's type.
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
