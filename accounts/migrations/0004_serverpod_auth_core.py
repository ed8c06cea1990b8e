# The table of people gets the name and the columns that Serverpod's module serverpod_auth_core gives it.

import core.clock
import core.ids
import database.constraints
import database.fields
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
            field=database.fields.DateTimeField(db_column='createdAt', default=core.clock.now, editable=False, verbose_name='joined'),
        ),
        migrations.AlterField(
            model_name='user',
            name='id',
            field=database.fields.UUIDField(db_default=database.fields.RandomV7(), default=core.ids.uuid7, editable=False, primary_key=True, serialize=False),
        ),
        migrations.CreateModel(
            name='UserProfile',
            fields=[
                ('id', database.fields.UUIDField(db_default=database.fields.RandomV7(), primary_key=True, serialize=False)),
                ('user_name', database.fields.TextField(blank=True, db_column='userName', null=True)),
                ('full_name', database.fields.TextField(blank=True, db_column='fullName', null=True)),
                ('email', database.fields.TextField(blank=True, null=True)),
                ('created_at', database.fields.DateTimeField(db_column='createdAt', db_default=database.fields.Now(), default=core.clock.now)),
                ('auth_user', database.fields.ForeignKey(db_column='authUserId', related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'serverpod_auth_core_profile',
            },
        ),
        migrations.CreateModel(
            name='UserProfileImage',
            fields=[
                ('id', database.fields.UUIDField(db_default=database.fields.RandomV7(), primary_key=True, serialize=False)),
                ('created_at', database.fields.DateTimeField(db_column='createdAt', db_default=database.fields.Now(), default=core.clock.now)),
                ('storage_id', database.fields.TextField(db_column='storageId')),
                ('path', database.fields.TextField()),
                ('url', database.fields.UriField()),
                ('user_profile', database.fields.ForeignKey(db_column='userProfileId', related_name='+', to='accounts.userprofile')),
            ],
            options={
                'db_table': 'serverpod_auth_core_profile_image',
            },
        ),
        migrations.AddField(
            model_name='userprofile',
            name='image',
            field=database.fields.ForeignKey(blank=True, db_column='imageId', null=True, related_name='+', to='accounts.userprofileimage'),
        ),
        migrations.AddConstraint(
            model_name='userprofileimage',
            constraint=database.constraints.ForeignKeyConstraint(fields=('user_profile',), name='serverpod_auth_core_profile_image_fk_0', on_delete='cascade', to='UserProfile'),
        ),
        migrations.AddConstraint(
            model_name='userprofile',
            constraint=database.constraints.ForeignKeyConstraint(fields=('auth_user',), name='serverpod_auth_core_profile_fk_0', on_delete='cascade', to='accounts.User'),
        ),
        migrations.AddConstraint(
            model_name='userprofile',
            constraint=database.constraints.ForeignKeyConstraint(fields=('image',), name='serverpod_auth_core_profile_fk_1', to='UserProfileImage'),
        ),
        migrations.AddConstraint(
            model_name='userprofile',
            constraint=models.UniqueConstraint(fields=('auth_user',), name='serverpod_auth_profile_user_profile_email_auth_user_id'),
        ),
    ]
