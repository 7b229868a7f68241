using CsCheck;

namespace Hearsay.Learning.Tests.Data;

public sealed class StandardisationTests
{
    [Fact]
    public void Features_get_mean_0_and_variance_1() => Gen.Float[-100, 100].Array[60].Sample(numbers =>
    {
        numbers[0] += 1000;
        numbers[1] -= 1000;
        var data = new LearningData(numbers, new float[30], 0);
        var (means, variances) = Standardisation.Moments(Standardisation.Of(data).Apply(data));
        Assert.All(means, mean => Assert.Equal(0, mean, 1e-4));
        Assert.All(variances, variance => Assert.Equal(1, variance, 1e-3));
    });

    [Fact]
    public void Data_is_standardised_by_the_means_of_other_data()
    {
        var standard = Standardisation.Of(new LearningData([1, 3], [0, 1], 2));
        Assert.Equal([9f, 11f], Features(standard.Apply(new LearningData([11, 13], [0, 1], 2))));

        static float[] Features(LearningData data) => [data.Features(0)[0], data.Features(1)[0]];
    }

    [Fact]
    public void A_constant_feature_becomes_0_and_is_counted()
    {
        var data = new LearningData([7, 1, 7, 2, 7, 3], [0, 1, 1], 2);
        var standard = Standardisation.Of(data);
        Assert.Equal(1, standard.ConstantFeatures);
        Assert.Equal(0, standard.Apply(data).Features(1)[0]);
        Assert.Equal(1, Standardisation.Of(new LearningData([5], [0], 2)).ConstantFeatures);
    }

    [Fact]
    public void Moments_that_cannot_be_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Standardisation([], []));
        Assert.Throws<ArgumentException>(() => new Standardisation([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => new Standardisation([double.NaN], [1]));
        Assert.Throws<ArgumentException>(() => new Standardisation([1], [-1]));
        Assert.Throws<ArgumentException>(() =>
            new Standardisation([1], [1]).Apply(new LearningData([1, 2], [0], 2)));
    }
}
