using System.Linq.Expressions;
using System.Reflection;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The query of an entity by its primary key.</summary>
internal static class KeyedQuery
{
    private static readonly MethodInfo Property = ((Func<object, string, object>)EF.Property<object>).Method.GetGenericMethodDefinition();

    /// <returns>The query; <see langword="null"/> if a value of the key is, so that no row has it.</returns>
    /// <exception cref="ArgumentException">The values don't fit the primary key.</exception>
    public static IQueryable<TEntity>? Of<TEntity>(DbSet<TEntity> set, object?[] keyValues)
        where TEntity : class
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(keyValues);
        var type = set.EntityType;
        var key = type.FindPrimaryKey()?.Properties ?? throw new ArgumentException(
            $"{type.DisplayName()} has no primary key. Write a query with .Cached().", nameof(set));
        if (Array.Exists(keyValues, static value => value is null))
            return null;
        Require(type, key, keyValues);

        var entity = Expression.Parameter(typeof(TEntity), "entity");
        var condition = key.Select((property, i) => IsEqual(entity, property, keyValues[i]!)).Aggregate<Expression>(Expression.AndAlso);
        object?[] stored = [.. key.Select((property, i) => StoredValues.Of(property, keyValues[i]))];
        return set.Where(Expression.Lambda<Func<TEntity, bool>>(condition, entity))
            .Cached(new CachedQuery { Part = new RowPart(type, stored) });
    }

    private static void Require(IEntityType type, IReadOnlyList<IProperty> key, object?[] values)
    {
        if (values.Length != key.Count)
        {
            var names = string.Join(", ", key.Select(static property => property.Name));
            throw new ArgumentException(
                $"The primary key of {type.DisplayName()} has {key.Count} values ({names}), and {values.Length} were given.",
                nameof(values));
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (!key[i].ClrType.IsInstanceOfType(values[i]))
                throw new ArgumentException(
                    $"{type.DisplayName()}.{key[i].Name} is a {key[i].ClrType.Name}, and the value given is a {values[i]!.GetType().Name}.",
                    nameof(values));
        }
    }

    // A value in a field becomes a parameter of the SQL; a constant would be compiled in.
    private static BinaryExpression IsEqual(ParameterExpression entity, IProperty property, object value)
    {
        var holder = Activator.CreateInstance(typeof(Holder<>).MakeGenericType(property.ClrType), value)!;
        return Expression.Equal(
            Expression.Call(Property.MakeGenericMethod(property.ClrType), entity, Expression.Constant(property.Name)),
            Expression.Field(Expression.Constant(holder), nameof(Holder<object>.Value)));
    }

    private sealed class Holder<T>(T value)
    {
        public readonly T Value = value;
    }
}
