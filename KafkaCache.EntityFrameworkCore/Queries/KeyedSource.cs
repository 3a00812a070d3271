using System.Buffers;
using System.Linq.Expressions;
using System.Reflection;
using KafkaCaching.EntityFrameworkCore.Keys;
using KafkaCaching.EntityFrameworkCore.Tables;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;

namespace KafkaCaching.EntityFrameworkCore.Queries;

/// <summary>The query of an entity by its primary key.</summary>
internal sealed class KeyedSource<TEntity> : ResultSource<KeyedArguments<TEntity>, TEntity>
    where TEntity : class
{
    public static readonly KeyedSource<TEntity> Instance = new();

    private static readonly MethodInfo Property = ((Func<object, string, object>)EF.Property<object>).Method.GetGenericMethodDefinition();

    public override string Name { get; } = $"find {typeof(TEntity).Name}";

    public override byte[] IdentityIn(ModelQueries model, KeyedArguments<TEntity> row) =>
        model.IdentityOf(row.Set.EntityType, static (type, _) => $"key {type.Name}");

    public override bool TryWrite(ArrayBufferWriter<byte> target, KeyedArguments<TEntity> row)
    {
        var key = row.Set.EntityType.FindPrimaryKey()!.Properties;
        for (var i = 0; i < row.Values.Length; i++)
        {
            if (!CanonicalValues.TryWrite(target, StoredValues.Of(key[i], row.Values[i])))
                return false;
        }

        return true;
    }

    public override async Task<IReadOnlyList<TEntity>> RunAsync(
        DbContext context, KeyedArguments<TEntity> row, ResultRun? run, CancellationToken cancellationToken) =>
        Array.AsReadOnly(await Query(row, run).ToArrayAsync(cancellationToken).ConfigureAwait(false));

    public static IReadOnlyList<TEntity> Run(KeyedArguments<TEntity> row, ResultRun? run) => Array.AsReadOnly(Query(row, run).ToArray());

    private static IQueryable<TEntity> Query(KeyedArguments<TEntity> row, ResultRun? run)
    {
        var type = row.Set.EntityType;
        var key = type.FindPrimaryKey()!.Properties;
        var entity = Expression.Parameter(typeof(TEntity), "entity");
        var condition = key.Select((property, i) => IsEqual(entity, property, row.Values[i])).Aggregate<Expression>(Expression.AndAlso);
        object?[] stored = [.. key.Select((property, i) => StoredValues.Of(property, row.Values[i]))];
        return row.Set.Where(Expression.Lambda<Func<TEntity, bool>>(condition, entity))
            .Cached(new QuerySettings { Part = new RowPart(type, stored) }.For(Instance.Name, run));
    }

    // Entity Framework turns a value in a field into a parameter of the SQL, but compiles a constant into it. CreateEqualsExpression also
    // works for types without an equality operator.
    private static Expression IsEqual(ParameterExpression entity, IProperty property, object value)
    {
        var holder = Activator.CreateInstance(typeof(Holder<>).MakeGenericType(property.ClrType), value)!;
        return ExpressionExtensions.CreateEqualsExpression(
            Expression.Call(Property.MakeGenericMethod(property.ClrType), entity, Expression.Constant(property.Name)),
            Expression.Field(Expression.Constant(holder), nameof(Holder<object>.Value)));
    }
}

/// <summary>Holds a value that a query reads.</summary>
internal sealed class Holder<T>(T value)
{
    public readonly T Value = value;
}
