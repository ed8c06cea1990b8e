# The table of people gets the name and the columns that Serverpod's module serverpod_auth_core gives it.

import podium.core.clock
import podium.core.ids
import podium.database.constraints
import podium.database.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_email_may_be_missing'),
    ]

    operations = [
        migrations.AlterModelTable(
            name='user',
            table='serverpod_auth_core_user',
        ),
        migrations.RenameField(
            model_name='user',
            old_name='date_joined',
            new_name='created_at',
        ),
        migrations.AlterField(
            model_name='user',
            name='created_at',
            field=podium.database.fields.DateTimeField(db_column='createdAt', default=podium.core.clock.now, editable=False, verbose_name='joined'),
        ),
        migrations.AlterField(
            model_name='user',
            name='id',
            field=podium.database.fields.UUIDField(db_default=podium.database.fields.RandomV7(), default=podium.core.ids.uuid7, editable=False, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name='UserProfile',
            fields=[
                ('id', podium.database.fields.UUIDField(db_default=podium.database.fields.RandomV7(), primary_key=True, serialize=False)),
                ('user_name', podium.database.fields.TextField(blank=True, db_column='userName', null=True)),
                ('full_name', podium.database.fields.TextField(blank=True, db_column='fullName', null=True)),
                ('email', podium.database.fields.TextField(blank=True, null=True)),
                ('created_at', podium.database.fields.DateTimeField(db_column='createdAt', db_default=podium.database.fields.Now(), default=podium.core.clock.now)),
                ('auth_user', podium.database.fields.ForeignKey(db_column='authUserId', related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'serverpod_auth_core_profile',
            },
        ),
        migrations.CreateModel(
            name='UserProfileImage',
            fields=[
                ('id', podium.database.fields.UUIDField(db_default=podium.database.fields.RandomV7(), primary_key=True, serialize=False)),
                ('created_at', podium.database.fields.DateTimeField(db_column='createdAt', db_default=podium.database.fields.Now(), default=podium.core.clock.now)),
                ('storage_id', podium.database.fields.TextField(db_column='storageId')),
                ('path', podium.database.fields.TextField()),
                ('url', podium.database.fields.UriField()),
                ('user_profile', podium.database.fields.ForeignKey(db_column='userProfileId', related_name='+', to='accounts.userprofile')),
            ],
            options={
                'db_table': 'serverpod_auth_core_profile_image',
            },
        ),
        migrations.AddField(
            model_name='userprofile',
            name='image',
            field=podium.database.fields.ForeignKey(blank=True, db_column='imageId', null=True, related_name='+', to='accounts.userprofileimage'),
        ),
        migrations.AddConstraint(
            model_name='userprofileimage',
            constraint=podium.database.constraints.ForeignKeyConstraint(fields=('user_profile',), name='serverpod_auth_core_profile_image_fk_0', on_delete='cascade', to='UserProfile'),
        ),
        migrations.AddConstraint(
            model_name='userprofile',
            constraint=podium.database.constraints.ForeignKeyConstraint(fields=('auth_user',), name='serverpod_auth_core_profile_fk_0', on_delete='cascade', to='accounts.User'),
        ),
        migrations.AddConstraint(
            model_name='userprofile',
            constraint=podium.database.constraints.ForeignKeyConstraint(fields=('image',), name='serverpod_auth_core_profile_fk_1', to='UserProfileImage'),
        ),
        migrations.AddConstraint(
            model_name='userprofile',
            constraint=models.UniqueConstraint(fields=('auth_user',), name='serverpod_auth_profile_user_profile_email_auth_user_id'),
        ),
    ]
