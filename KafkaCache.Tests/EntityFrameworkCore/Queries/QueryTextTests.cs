using System.Linq.Expressions;
using KafkaCaching.EntityFrameworkCore.Queries;
using Microsoft.EntityFrameworkCore;

namespace KafkaCaching.Tests.EntityFrameworkCore.Queries;

public sealed class QueryTextTests
{
    [Fact]
    public void Lambdas_that_take_another_one_of_their_parameters_have_another_text()
    {
        var first = TextOf(static db => db.Users.Join(db.Users, static u => u.ManagerId, static m => m.Id, static (u, m) => u.Name));
        var second = TextOf(static db => db.Users.Join(db.Users, static u => u.ManagerId, static m => m.Id, static (u, m) => m.Name));
        Assert.NotEqual(first, second);
        Assert.Equal(
            first, TextOf(static db => db.Users.Join(db.Users, static a => a.ManagerId, static b => b.Id, static (a, b) => a.Name)));
    }

    private static string TextOf(Expression<Func<ShopContext, IQueryable<string>>> query)
    {
        using var db = new ShopContext(new DbContextOptionsBuilder<ShopContext>().UseSqlite().Options);
        var text = QueryText.Of(query, db.Model, out var fault);
        Assert.Null(fault);
        return text;
    }
}
